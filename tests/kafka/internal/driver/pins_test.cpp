#include <ottla/kafka/internal/driver/librdkafka/pins.hpp>

#include "support/counter.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>
#include <vector>

using namespace ottla::kafka;

namespace {

using clock_type = std::chrono::steady_clock;

constexpr clock_type::time_point long_ago{};

} // namespace

TEST_SUITE("pins") {
  TEST_CASE("wait_for_none() returns true at once without pins, even after its deadline") {
    pins some;
    CHECK(some.wait_for_none(long_ago));
    some.add();
    some.drop();
    CHECK(some.wait_for_none(long_ago));
  }

  TEST_CASE("wait_for_none() returns false at its deadline while at least one pin is left") {
    pins some;
    some.add();
    some.add();
    some.drop();
    CHECK(some.count() == 1);
    CHECK_FALSE(some.wait_for_none(long_ago));
    some.drop();
    CHECK(some.wait_for_none(long_ago));
  }

  TEST_CASE("the drop of the last pin wakes every waiter") {
    constexpr std::size_t rounds = 200;
    constexpr std::size_t waiters = 2;
    pins some;
    ottla::test::counter rounds_begun;
    ottla::test::counter waiting;
    ottla::test::counter woken;
    std::vector<std::thread> threads;
    for (std::size_t number = 0; number < waiters; ++number)
      threads.emplace_back([&] {
        for (std::size_t round = 1; round <= rounds; ++round) {
          rounds_begun.wait_for(round);
          waiting.raise();
          // Longer than a test case may take, so that only the last drop ends the wait.
          if (some.wait_for_none(clock_type::now() + std::chrono::hours{1}))
            woken.raise();
        }
      });
    bool all_woken = true;
    for (std::size_t round = 1; round <= rounds && all_woken; ++round) {
      some.add();
      some.add();
      rounds_begun.raise();
      waiting.wait_for(round * waiters);
      some.drop();
      std::this_thread::yield();
      some.drop();
      all_woken = woken.wait_for(round * waiters);
    }
    REQUIRE(all_woken);
    for (auto& each : threads)
      each.join();
  }

  TEST_CASE("a waiter never returns before pins of other threads are dropped") {
    constexpr int rounds = 500;
    pins some;
    int data = 0; // not atomic, since drop() must publish the value to the waiter
    bool all_seen = true;
    for (int round = 1; round <= rounds && all_seen; ++round) {
      some.add();
      std::thread holder{[&] {
        data = round;
        some.drop();
      }};
      all_seen = some.wait_for_none(clock_type::now() + ottla::test::patience()) && data == round;
      holder.join();
    }
    CHECK(all_seen);
    CHECK(some.count() == 0);
  }
}
