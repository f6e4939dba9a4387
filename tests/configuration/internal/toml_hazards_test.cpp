#include <ottla/configuration/internal/toml_hazards.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

namespace ottla::kafka {

namespace {

/// `line:column`, empty without a hazard.
std::string hazard_of(std::string_view text) {
  const auto hazard = find_toml_hazard(text);
  return hazard ? fmt::format("{}:{}", hazard->line, hazard->column) : "";
}

std::string dots(std::size_t count) {
  std::string text = "a";
  for (std::size_t n = 0; n < count; ++n)
    text += ".a";
  return text;
}

} // namespace

TEST_SUITE("toml_hazards") {

  TEST_CASE("a character outside of strings and comments that is not ASCII is a hazard") {
    CHECK(hazard_of("é = 1") == "1:1");
    CHECK(hazard_of("a = 1\nb =\xC2\xA0"
                    "2")
          == "2:4");
    CHECK(hazard_of("a = \"é\" é") == "1:9");
    CHECK(hazard_of("a = 'x' # é\né") == "2:1");
    CHECK(hazard_of("\x80") == "1:1");
  }

  TEST_CASE("strings and comments may hold any character") {
    CHECK(hazard_of("a = \"é\"") == "");
    CHECK(hazard_of("a = 'é'") == "");
    CHECK(hazard_of("a = \"\"\"é\n\"é\"\"é\n\"\"\"") == "");
    CHECK(hazard_of("a = '''é\n'é''é\n'''") == "");
    CHECK(hazard_of("\"é\" = 1 # é") == "");
    CHECK(hazard_of("\xEF\xBB\xBF"
                    "a = 1")
          == "");
  }

  TEST_CASE("a string ends at its own quotes") {
    CHECK(hazard_of(R"(a = "\"é\\" é)") == "1:13");
    CHECK(hazard_of(R"(a = '\' é)") == "1:9");
    CHECK(hazard_of("a = \"\"\"x\"\"\"\"\" é") == "1:15");
    CHECK(hazard_of("a = \"\"\"\\\"\"\"\"\né") == "2:1");
    CHECK(hazard_of("a = \"\" é") == "1:8");
  }

  TEST_CASE("nothing after a string that does not end is a hazard, since toml++ stops there") {
    CHECK(hazard_of("a = \"x\né") == "");
    CHECK(hazard_of("a = \"x\\\né") == "");
    CHECK(hazard_of("a = '''x\né") == "");
    CHECK(hazard_of("a = \"x\\") == "");
  }

  TEST_CASE("a line with more than 500 dots outside of strings and comments is a hazard") {
    CHECK(hazard_of(dots(500) + " = 1") == "");
    CHECK(hazard_of("\n" + dots(501) + " = 1") == "2:1003");
    CHECK(hazard_of(dots(400) + "=1\n" + dots(400) + "=1") == "");
    CHECK(hazard_of("a = \"" + dots(600) + "\" # " + dots(600)) == "");
    CHECK(hazard_of("a = \"x.\"" + dots(501)) != "");
  }

} // TEST_SUITE

} // namespace ottla::kafka
