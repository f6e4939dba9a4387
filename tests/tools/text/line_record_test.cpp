#include "text/line_record.hpp"

#include <doctest/doctest.h>

using namespace command;

namespace {

input_record good(std::string_view line, const produce_records& how) {
  auto made = record_of(line, how);
  REQUIRE(std::holds_alternative<input_record>(made));
  return std::get<input_record>(std::move(made));
}

} // namespace

TEST_SUITE("command: line_record") {
  TEST_CASE("a line is the value, and has the key and headers of the command line") {
    const auto made = good("a:b", {.key = "k", .headers = {{"h", "1"}}, .partition = 2});
    CHECK(made.record.key == "k");
    CHECK(made.record.value == "a:b");
    CHECK(made.record.headers.front().first == "h");
    CHECK(made.partition == 2);
    CHECK_FALSE(good("", {}).record.key);
    CHECK(good("", {}).record.value == "");
  }

  TEST_CASE("a separator splits the line at its first place") {
    const auto made = good("a::b::c", {.key_separator = "::"});
    CHECK(made.record.key == "a");
    CHECK(made.record.value == "b::c");
    CHECK(std::get<std::string>(record_of("a:b", {.key_separator = "::"}))
          == "has no key separator");
  }

  TEST_CASE("the partition of the command line overrides the partition of JSON") {
    const auto line = R"({"value":"x","partition":4})";
    CHECK(good(line, {.format = input_format::json}).partition == 4);
    CHECK(good(line, {.format = input_format::json, .partition = 0}).partition == 0);
    CHECK(std::holds_alternative<std::string>(record_of("x", {.format = input_format::json})));
  }
}
