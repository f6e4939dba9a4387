#include <ottla/supervision/backoff.hpp>

#include "support/seed.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace std::chrono_literals;
using ottla::backoff;

namespace {

ottla::backoff_settings some_settings(std::mt19937& random) {
  return {.first = std::chrono::nanoseconds{random() % 100'000'000},
          .longest = std::chrono::nanoseconds{random() % 10'000'000'000},
          .at_once = random() % 4,
          .healthy_after = std::chrono::nanoseconds{1 + random() % 10'000'000'000}};
}

std::vector<std::chrono::nanoseconds> delays_of(const ottla::backoff_settings& settings,
                                                std::uint64_t seed) {
  backoff delays{settings, seed};
  std::vector<std::chrono::nanoseconds> result;
  for (int failure = 0; failure < 80; ++failure)
    result.push_back(delays.failed(0s));
  return result;
}

} // namespace

TEST_SUITE("backoff") {
  TEST_CASE("the first failure is retried at once, and each later delay doubles") {
    backoff delays{{.first = 10ms, .longest = 1s, .at_once = 1}};
    for (const auto delay : {0ms, 10ms, 20ms, 40ms})
      CHECK(delays.failed(0s) == delay);
    CHECK(delays.failures_in_a_row() == 4);
  }

  TEST_CASE("a delay grows up to `longest` and no further") {
    backoff delays{{.first = 10ms, .longest = 35ms, .at_once = 0}};
    for (const auto delay : {10ms, 20ms, 35ms, 35ms})
      CHECK(delays.failed(0s) == delay);
  }

  TEST_CASE("a first delay above `longest` is limited to `longest`") {
    backoff delays{{.first = 10s, .longest = 1s, .at_once = 0}};
    CHECK(delays.failed(0s) == 1s);
  }

  TEST_CASE("a thousand failures with the largest possible `longest` do not overflow the delay") {
    backoff delays{{.first = 1ns, .longest = std::chrono::nanoseconds::max(), .at_once = 0}};
    auto last = 0ns;
    for (int failure = 0; failure < 1000; ++failure) {
      const auto delay = delays.failed(0s);
      REQUIRE(delay >= last);
      last = delay;
    }
    CHECK(last == std::chrono::nanoseconds::max());
  }

  TEST_CASE("a run of at least healthy_after resets the count of failures") {
    backoff delays{{.first = 10ms, .longest = 1s, .at_once = 0, .healthy_after = 5s}};
    CHECK(delays.failed(0s) == 10ms);
    CHECK(delays.failed(0s) == 20ms);
    delays.started(1s);
    CHECK(delays.failed(6s) == 10ms);
  }

  TEST_CASE("a run shorter than healthy_after does not reset the count of failures") {
    backoff delays{{.first = 10ms, .longest = 1s, .at_once = 0, .healthy_after = 5s}};
    CHECK(delays.failed(0s) == 10ms);
    delays.started(1s);
    CHECK(delays.failed(6s - 1ns) == 20ms);
    CHECK(delays.failed(60s) == 40ms);
  }

  TEST_CASE("with healthy_when::reported, even a long run does not reset the count of failures") {
    backoff delays{{.first = 1s, .longest = 8s, .at_once = 0, .healthy_after = 5s},
                   0,
                   ottla::healthy_when::reported};
    auto now = 0ns;
    for (const auto delay : {1s, 2s, 4s, 8s, 8s}) {
      delays.started(now);
      now += 1h;
      CHECK(delays.failed(now) == delay);
    }
    delays.started(now);
    delays.stopped(now + 1h);
    CHECK(delays.failures_in_a_row() == 5);
  }

  TEST_CASE(
    "with healthy_when::reported, one or more reports in a run reset the count of failures") {
    backoff delays{{.first = 1s, .at_once = 0}, 0, ottla::healthy_when::reported};
    delays.started(0s);
    delays.failed(0s);
    delays.failed(0s);
    delays.started(1s);
    delays.reported_healthy();
    CHECK(delays.failures_in_a_row() == 0);
    delays.reported_healthy();
    CHECK(delays.failed(1s) == 1s);
    CHECK(delays.failed(1s) == 2s);
  }

  TEST_CASE(
    "a health report is ignored if the child is down or does not use healthy_when::reported") {
    backoff told{{.first = 1s, .at_once = 0}, 0, ottla::healthy_when::reported};
    told.started(0s);
    told.failed(0s);
    told.reported_healthy();
    CHECK(told.failures_in_a_row() == 1);
    backoff lasting{{.first = 1s, .at_once = 0}};
    lasting.started(0s);
    lasting.failed(0s);
    lasting.started(0s);
    lasting.reported_healthy();
    CHECK(lasting.failures_in_a_row() == 1);
  }

  TEST_CASE(
    "a run of at least healthy_after resets the failures even if it ends without a failure") {
    backoff delays{{.first = 10ms, .longest = 1s, .at_once = 0, .healthy_after = 5s}};
    CHECK(delays.failed(0s) == 10ms);
    delays.started(1s);
    delays.stopped(6s);
    delays.started(7s);
    CHECK(delays.failed(8s) == 10ms);
    delays.started(9s);
    delays.stopped(10s);
    CHECK(delays.failed(60s) == 20ms);
  }

  TEST_CASE("with random settings, the first at_once delays are 0 and later delays double up to "
            "`longest`") {
    const auto seed = ottla::test::seed();
    CAPTURE(seed);
    std::mt19937 random{seed};
    for (int round = 0; round < 500; ++round) {
      const auto settings = some_settings(random);
      const auto delays = delays_of(settings, random());
      auto last = std::chrono::nanoseconds::zero();
      for (std::size_t failure = 0; failure < delays.size(); ++failure) {
        const auto delay = delays[failure];
        if (failure < settings.at_once)
          REQUIRE(delay == 0ns);
        else if (failure == settings.at_once)
          REQUIRE(delay == std::min(settings.first, settings.longest));
        else
          REQUIRE(delay == std::min<std::chrono::nanoseconds>(last * 2, settings.longest));
        last = delay;
      }
    }
  }

  TEST_CASE(
    "jitter shortens a delay by at most its fraction, and the same seed gives the same delays") {
    const auto seed = ottla::test::seed();
    CAPTURE(seed);
    std::mt19937 random{seed};
    for (int round = 0; round < 500; ++round) {
      auto settings = some_settings(random);
      settings.first += 1ms;
      settings.longest += 1ms;
      const auto full = delays_of(settings, 0);
      settings.jitter = (1 + random() % 1000) / 1000.0;
      const std::uint64_t chance = random();
      const auto delays = delays_of(settings, chance);
      REQUIRE(delays == delays_of(settings, chance));
      REQUIRE(delays != delays_of(settings, chance + 0x10000 + random()));
      for (std::size_t failure = 0; failure < delays.size(); ++failure) {
        REQUIRE(delays[failure] <= full[failure]);
        const auto least = std::floor((1 - settings.jitter) * full[failure].count());
        REQUIRE(static_cast<double>(delays[failure].count()) >= least);
      }
    }
  }

  TEST_CASE("among random runs, only runs of at least healthy_after reset the count of failures") {
    const auto seed = ottla::test::seed();
    CAPTURE(seed);
    std::mt19937 random{seed};
    for (int round = 0; round < 200; ++round) {
      const auto settings = some_settings(random);
      backoff delays{settings};
      std::size_t in_a_row = 0;
      auto now = 0ns;
      for (int run = 0; run < 50; ++run) {
        const bool healthy = random() % 4 == 0;
        delays.started(now);
        now += healthy ? settings.healthy_after + std::chrono::nanoseconds{random() % 1000}
                       : std::chrono::nanoseconds{random() % settings.healthy_after.count()};
        in_a_row = healthy ? 1 : in_a_row + 1;
        delays.failed(now);
        REQUIRE(delays.failures_in_a_row() == in_a_row);
      }
    }
  }

  TEST_CASE("extreme settings do not overflow the delay") {
    constexpr auto most = std::chrono::nanoseconds::max();
    for (const auto first : {0ns, 1ns, most / 2, most / 2 + 1ns, most})
      for (const auto longest : {0ns, 1ns, most - 1ns, most})
        for (const double jitter : {0.0, 0.5, 1.0}) {
          CAPTURE(first.count());
          CAPTURE(longest.count());
          CAPTURE(jitter);
          backoff delays{{.first = first,
                          .longest = longest,
                          .at_once = 0,
                          .healthy_after = most,
                          .jitter = jitter}};
          delays.started(most - 1ns);
          for (int failure = 0; failure < 200; ++failure) {
            const auto delay = delays.failed(most - 1ns);
            REQUIRE(delay >= 0ns);
            REQUIRE(delay <= longest);
          }
        }
    backoff never_delayed{{.at_once = std::numeric_limits<std::size_t>::max()}};
    for (int failure = 0; failure < 100; ++failure)
      REQUIRE(never_delayed.failed(0s) == 0ns);
  }

  TEST_CASE("validate reports each invalid field with its value") {
    CHECK(ottla::validate(ottla::backoff_settings{}, "here").empty());
    const std::vector<std::string> all{"here: first must not be negative, got -1ms",
                                       "here: longest must not be negative, got -2ms",
                                       "here: healthy_after must not be negative, got -3ms",
                                       "here: jitter must be from 0 to 1, got 1.5"};
    CHECK(ottla::validate({.first = -1ms, .longest = -2ms, .healthy_after = -3ms, .jitter = 1.5},
                          "here")
          == all);
    for (unsigned wrong = 0; wrong < 16; ++wrong) {
      ottla::backoff_settings settings;
      std::vector<std::string> expected;
      const auto spoil = [&](unsigned field, auto&& assign) {
        if ((wrong & (1U << field)) == 0)
          return;
        assign();
        expected.push_back(all[field]);
      };
      spoil(0, [&] { settings.first = -1ms; });
      spoil(1, [&] { settings.longest = -2ms; });
      spoil(2, [&] { settings.healthy_after = -3ms; });
      spoil(3, [&] { settings.jitter = 1.5; });
      CHECK(ottla::validate(settings, "here") == expected);
    }
    CHECK(ottla::validate({.jitter = std::numeric_limits<double>::quiet_NaN()}, "here").size()
          == 1);
    CHECK(ottla::validate({.jitter = -0.1}, "here").size() == 1);
  }
}
