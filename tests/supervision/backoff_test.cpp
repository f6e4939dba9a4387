#include <ottla/supervision/backoff.hpp>

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using ottla::backoff;

TEST_SUITE("backoff") {
  TEST_CASE("the first failure is tried again at once, the next ones wait twice as long each") {
    backoff delays{{.first = 10ms, .longest = 1s, .at_once = 1}};
    CHECK(delays.failed(0s) == 0s);
    CHECK(delays.failed(0s) == 10ms);
    CHECK(delays.failed(0s) == 20ms);
    CHECK(delays.failed(0s) == 40ms);
    CHECK(delays.failures_in_a_row() == 4);
  }

  TEST_CASE("the delay grows no longer than the longest") {
    backoff delays{{.first = 10ms, .longest = 35ms, .at_once = 0}};
    CHECK(delays.failed(0s) == 10ms);
    CHECK(delays.failed(0s) == 20ms);
    CHECK(delays.failed(0s) == 35ms);
    CHECK(delays.failed(0s) == 35ms);
  }

  TEST_CASE("a first delay above the longest is cut") {
    backoff delays{{.first = 10s, .longest = 1s, .at_once = 0}};
    CHECK(delays.failed(0s) == 1s);
  }

  TEST_CASE("neither a thousand failures nor the longest longest overflow") {
    backoff delays{{.first = 1ns, .longest = std::chrono::nanoseconds::max(), .at_once = 0}};
    auto last = 0ns;
    for (int failure = 0; failure < 1000; ++failure) {
      const auto delay = delays.failed(0s);
      REQUIRE(delay >= last);
      last = delay;
    }
    CHECK(last == std::chrono::nanoseconds::max());
  }

  TEST_CASE("a healthy time forgets the failures before it") {
    backoff delays{{.first = 10ms, .longest = 1s, .at_once = 0, .healthy_after = 5s}};
    CHECK(delays.failed(0s) == 10ms);
    CHECK(delays.failed(0s) == 20ms);
    delays.started(1s);
    CHECK(delays.failed(6s) == 10ms);
  }

  TEST_CASE("a time that is too short does not") {
    backoff delays{{.first = 10ms, .longest = 1s, .at_once = 0, .healthy_after = 5s}};
    CHECK(delays.failed(0s) == 10ms);
    delays.started(1s);
    CHECK(delays.failed(6s - 1ns) == 20ms);
    CHECK(delays.failed(60s) == 40ms);
  }
}
