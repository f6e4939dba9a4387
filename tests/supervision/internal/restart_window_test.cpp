#include <ottla/supervision/internal/restart_window.hpp>

#include "support/seed.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>
#include <random>
#include <vector>

using namespace std::chrono_literals;
using ottla::restart_window;

TEST_SUITE("restart_window") {
  TEST_CASE("add accepts at_most restarts within the period and rejects the next") {
    restart_window window{{.at_most = 3, .within = 5s}};
    CHECK(window.add(1s));
    CHECK(window.add(2s));
    CHECK(window.add(3s));
    CHECK_FALSE(window.add(4s));
  }

  TEST_CASE("a restart that is older than the period does not count") {
    restart_window window{{.at_most = 1, .within = 5s}};
    CHECK(window.add(0s));
    CHECK(window.add(5s + 1ns));
    CHECK(window.count() == 1);
  }

  TEST_CASE("a restart that is exactly one period old still counts, as in OTP") {
    restart_window window{{.at_most = 1, .within = 5s}};
    CHECK(window.add(0s));
    CHECK_FALSE(window.add(5s));
  }

  TEST_CASE("with at_most 0, the first restart exceeds the limit") {
    restart_window window{{.at_most = 0, .within = 5s}};
    CHECK_FALSE(window.add(0s));
  }

  TEST_CASE("at random times, a restart_window agrees with a count of all restarts in the period") {
    const auto seed = ottla::test::seed();
    CAPTURE(seed);
    std::mt19937 random{seed};
    for (int round = 0; round < 200; ++round) {
      const ottla::restart_limit limit{.at_most = random() % 5,
                                       .within = std::chrono::milliseconds{random() % 50}};
      restart_window window{limit};
      std::vector<std::chrono::nanoseconds> all;
      auto now = 0ns;
      for (int step = 0; step < 50; ++step) {
        now += std::chrono::milliseconds{random() % 20};
        all.push_back(now);
        const auto recent = std::count_if(all.begin(), all.end(),
                                          [&](auto at) { return now - at <= limit.within; });
        REQUIRE(window.add(now) == (static_cast<std::size_t>(recent) <= limit.at_most));
      }
    }
  }

  TEST_CASE(
    "no period has more than at_most accepted restarts, and the window keeps at most one more") {
    const auto seed = ottla::test::seed();
    CAPTURE(seed);
    std::mt19937 random{seed};
    for (int round = 0; round < 200; ++round) {
      const ottla::restart_limit limit{.at_most = random() % 6,
                                       .within = std::chrono::nanoseconds{random() % 30}};
      restart_window window{limit};
      std::vector<std::chrono::nanoseconds> passed;
      auto now = 0ns;
      for (int step = 0; step < 300; ++step) {
        now += std::chrono::nanoseconds{random() % 15};
        if (window.add(now))
          passed.push_back(now);
        REQUIRE(window.count() <= limit.at_most + 1);
      }
      for (std::size_t from = 0; from + limit.at_most < passed.size(); ++from)
        REQUIRE(passed[from + limit.at_most] - passed[from] > limit.within);
    }
  }

  TEST_CASE("without a limit, the window accepts every restart and keeps a million at most") {
    restart_window window{
      {.at_most = std::numeric_limits<std::size_t>::max(), .within = std::chrono::hours{1000}}};
    for (std::size_t times = 0; times < restart_window::most_counted + 10; ++times)
      REQUIRE(window.add(0s));
    CHECK(window.count() == restart_window::most_counted);
  }

  TEST_CASE("a thousand rejected restarts do not count after the period has passed") {
    restart_window window{{.at_most = 2, .within = 5s}};
    for (int burst = 0; burst < 1000; ++burst)
      window.add(1s);
    CHECK(window.count() == 3);
    CHECK(window.add(6s + 1ns));
    CHECK(window.count() == 1);
  }
}
