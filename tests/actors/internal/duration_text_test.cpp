#include <ottla/actors/internal/duration_text.hpp>
#include <ottla/actors/saturating.hpp>

#include <doctest/doctest.h>

using ottla::saturate;
using ottla::detail::duration_text;
using std::chrono::hours;
using std::chrono::nanoseconds;
using namespace std::chrono_literals;

TEST_SUITE("duration_text") {
  TEST_CASE("a duration of whole milliseconds prints in ms, whatever its unit") {
    CHECK(duration_text(0ns) == "0ms");
    CHECK(duration_text(1ms) == "1ms");
    CHECK(duration_text(-2s) == "-2000ms");
    CHECK(duration_text(2h) == "7200000ms");
    CHECK(duration_text(3'000'000ns) == "3ms");
  }

  TEST_CASE("a duration with a fraction of a millisecond prints in us or ns") {
    CHECK(duration_text(-1ns) == "-1ns");
    CHECK(duration_text(1ns) == "1ns");
    CHECK(duration_text(999us) == "999us");
    CHECK(duration_text(-999us) == "-999us");
    CHECK(duration_text(1ms + 1us) == "1001us");
    CHECK(duration_text(-1s - 1ns) == "-1000000001ns");
  }

  TEST_CASE("a saturated duration prints its exact nanoseconds") {
    CHECK(duration_text(saturate<nanoseconds>(hours::max())) == "9223372036854775807ns");
    CHECK(duration_text(saturate<nanoseconds>(hours::min())) == "-9223372036854775808ns");
  }

  TEST_CASE("duration_text puts its second argument between number and unit") {
    CHECK(duration_text(5s, " ") == "5000 ms");
    CHECK(duration_text(1us, " ") == "1 us");
  }
}
