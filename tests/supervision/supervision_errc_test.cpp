#include <ottla/supervision/supervision_errc.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <set>
#include <string>

using namespace ottla;

TEST_SUITE("supervision_errc") {
  TEST_CASE("each error code has a name of its own") {
    std::set<std::string> names;
    constexpr auto last = static_cast<std::uint8_t>(supervision_errc::shutting_down);
    for (std::uint8_t code = 0; code <= last; ++code)
      names.emplace(to_string(static_cast<supervision_errc>(code)));
    CHECK(names.size() == last + 1U);
    CHECK_FALSE(names.contains("unknown"));
  }

  TEST_CASE("a number that is not an error code has the name \"unknown\"") {
    CHECK(to_string(static_cast<supervision_errc>(255)) == "unknown");
  }
}
