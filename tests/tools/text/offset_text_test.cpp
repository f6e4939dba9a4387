#include "text/offset_text.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>

using namespace command;
using namespace std::chrono;
namespace kafka = ottla::kafka;

namespace {

template <class Kind>
const Kind& kind_of(const std::optional<start_offset>& what) {
  REQUIRE(what.has_value());
  REQUIRE(std::holds_alternative<Kind>(*what));
  return std::get<Kind>(*what);
}

} // namespace

TEST_SUITE("command: offset_text") {
  TEST_CASE("a start is earliest, latest, an offset, a number before the end, or a time") {
    kind_of<kafka::earliest>(parse_start("earliest"));
    kind_of<kafka::latest>(parse_start("latest"));
    CHECK(kind_of<kafka::at_offset>(parse_start("1200")).offset == 1200);
    CHECK(kind_of<kafka::at_offset>(parse_start("0")).offset == 0);
    CHECK(kind_of<before_end>(parse_start("-5")).offsets == 5);
    CHECK(kind_of<before_end>(parse_start("-0")).offsets == 0);
    CHECK(kind_of<kafka::since>(parse_start("1970-01-01T00:00:01Z")).when
          == system_clock::time_point{seconds{1}});
  }

  TEST_CASE("the smallest number does not overflow") {
    CHECK(kind_of<before_end>(parse_start("-9223372036854775808")).offsets == INT64_MAX);
  }

  TEST_CASE("any other text is not a start") {
    for (const auto* text :
         {"", "-", "+5", "12x", " 1", "1 ", "0x10", "Earliest", "1e3", "9223372036854775808",
          "2026-13-01", "2026-02-30", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00", "1969-12-31"})
      CHECK_MESSAGE(!parse_start(text), text);
  }

  TEST_CASE("an end is latest, an offset or a time, and never negative") {
    CHECK(std::holds_alternative<kafka::latest>(*parse_end("latest")));
    CHECK(std::get<kafka::below>(*parse_end("7")).offset == 7);
    CHECK(std::get<kafka::before>(*parse_end("1970-01-02")).when
          == system_clock::time_point{hours{24}});
    CHECK_FALSE(parse_end("-1"));
    CHECK_FALSE(parse_end("-0"));
    CHECK_FALSE(parse_end("earliest"));
  }

  TEST_CASE("a time is from 1970 to the last millisecond of the clock, and never overflows") {
    CHECK(parse_time("1970-01-01") == system_clock::time_point{});
    CHECK(parse_time("2200-12-31T23:59:59.999Z"));
    CHECK(parse_time("2262-04-11T23:47:16.854Z")
          == floor<milliseconds>(system_clock::time_point::max()));
    for (const auto* text : {"1969-12-31", "0000-01-01", "2262-04-11T23:47:16.855Z", "2262-04-12",
                             "9999-12-31T23:59:59.999Z", "10000-01-01", "-001-01-01"})
      CHECK_MESSAGE(!parse_time(text), text);
  }

  TEST_CASE("a time may be a day, and may have milliseconds") {
    CHECK(parse_time("1970-01-01T00:00:00.250Z") == system_clock::time_point{milliseconds{250}});
    CHECK(parse_time("1970-01-02") == system_clock::time_point{hours{24}});
  }

  TEST_CASE("a duration has a unit, and is from 1 ms to 10,000 days") {
    CHECK(parse_duration("1ms") == milliseconds{1});
    CHECK(parse_duration("10s") == seconds{10});
    CHECK(parse_duration("5min") == minutes{5});
    CHECK(parse_duration("2h") == hours{2});
    CHECK(parse_duration("10000d") == hours{240'000});
    for (const auto* text : {"", "10", "s", "0s", "-1s", "10001d", "1.5s", "10 s", "1us",
                             "9223372036854775807d", "99999999999999999999s"})
      CHECK_MESSAGE(!parse_duration(text), text);
  }
}
