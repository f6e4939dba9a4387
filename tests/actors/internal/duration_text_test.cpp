#include <ottla/actors/internal/duration_text.hpp>
#include <ottla/actors/saturating.hpp>

#include <doctest/doctest.h>

using ottla::saturate;
using ottla::detail::duration_text;
using std::chrono::hours;
using std::chrono::nanoseconds;
using namespace std::chrono_literals;

TEST_SUITE("duration_text") {
  TEST_CASE("whole milliseconds are told as such, whatever the unit was") {
    CHECK(duration_text(0ns) == "0ms");
    CHECK(duration_text(1ms) == "1ms");
    CHECK(duration_text(-2s) == "-2000ms");
    CHECK(duration_text(2h) == "7200000ms");
    CHECK(duration_text(3'000'000ns) == "3ms");
  }

  TEST_CASE("what is no whole number of milliseconds is told in a smaller unit, never as 0") {
    CHECK(duration_text(-1ns) == "-1ns");
    CHECK(duration_text(1ns) == "1ns");
    CHECK(duration_text(999us) == "999us");
    CHECK(duration_text(-999us) == "-999us");
    CHECK(duration_text(1ms + 1us) == "1001us");
    CHECK(duration_text(-1s - 1ns) == "-1000000001ns");
  }

  TEST_CASE("saturated ones are told to the last nanosecond") {
    CHECK(duration_text(saturate<nanoseconds>(hours::max())) == "9223372036854775807ns");
    CHECK(duration_text(saturate<nanoseconds>(hours::min())) == "-9223372036854775808ns");
  }

  TEST_CASE("a gap stands before the unit") {
    CHECK(duration_text(5s, " ") == "5000 ms");
    CHECK(duration_text(1us, " ") == "1 us");
  }
}
