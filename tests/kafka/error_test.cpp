#include <ottla/kafka/error.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <set>
#include <string>

using namespace ottla::kafka;

TEST_SUITE("error") {
  TEST_CASE("each error code has a name of its own") {
    std::set<std::string> names;
    constexpr auto last = static_cast<std::uint8_t>(errc::other);
    for (std::uint8_t code = 1; code <= last; ++code)
      names.emplace(to_string(static_cast<errc>(code)));
    CHECK(names.size() == last);
    CHECK_FALSE(names.contains("unknown"));
  }

  TEST_CASE("a number that is not an error code, such as zero, has the name \"unknown\"") {
    CHECK(to_string(static_cast<errc>(0)) == "unknown");
    CHECK(to_string(static_cast<errc>(255)) == "unknown");
  }

  TEST_CASE("the text of an error begins with its code") {
    CHECK(to_string(error{.code = errc::unknown_topic, .text = "no topic \"a\""})
          == "unknown_topic: no topic \"a\"");
  }
}
