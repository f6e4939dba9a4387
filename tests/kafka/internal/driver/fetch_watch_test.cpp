#include <ottla/kafka/internal/driver/librdkafka/fetch_watch.hpp>

#include "support/counter.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using namespace ottla::kafka;

namespace {

using brokers = std::vector<std::int32_t>;

/// Returns the id of an ended thread that called sent().
std::thread::id send_on_another_thread(fetch_watch& watch, std::int32_t broker) {
  std::thread sender{[&] { watch.sent(broker); }};
  const auto id = sender.get_id();
  sender.join();
  return id;
}

} // namespace

TEST_SUITE("fetch_watch") {
  TEST_CASE("a broker is idle from its response to a fetch request until its next fetch request") {
    fetch_watch watch;
    watch.sent(1);
    CHECK(watch.idle_brokers().empty());
    watch.answered(1);
    CHECK(watch.idle_brokers() == brokers{1});
    watch.sent(1);
    CHECK(watch.idle_brokers().empty());
  }

  TEST_CASE("a broker without any fetch request is not idle") {
    fetch_watch watch;
    watch.answered(7);
    CHECK(watch.idle_brokers().empty());
    CHECK(watch.wait_for_requests(0ns));
    CHECK(watch.thread_of(7) == std::thread::id{});
  }

  TEST_CASE("a response of one broker leaves the pending requests of other brokers unchanged") {
    fetch_watch watch;
    for (const auto broker : {3, 1, 2})
      watch.sent(broker);
    watch.answered(1);
    CHECK(watch.idle_brokers() == brokers{1});
    watch.answered(3);
    CHECK(watch.idle_brokers() == brokers{3, 1});
    watch.answered(3);
    CHECK(watch.idle_brokers() == brokers{3, 1});
  }

  TEST_CASE("wait_for_requests() returns false if a known broker stays idle") {
    fetch_watch watch;
    watch.sent(1);
    watch.sent(2);
    CHECK(watch.wait_for_requests(0ns));
    watch.answered(2);
    CHECK_FALSE(watch.wait_for_requests(0ns));
  }

  TEST_CASE("the thread of a broker is the thread that sent the broker's last fetch request") {
    fetch_watch watch;
    const auto first = send_on_another_thread(watch, 1);
    CHECK(watch.thread_of(1) == first);
    CHECK(watch.thread_of(2) == std::thread::id{});
    watch.answered(1);
    CHECK(watch.thread_of(1) == first);
    watch.sent(1);
    CHECK(watch.thread_of(1) == std::this_thread::get_id());
  }

  TEST_CASE("the fetch request of the last idle broker wakes wait_for_requests()") {
    constexpr std::size_t rounds = 300;
    fetch_watch watch;
    watch.sent(1);
    watch.sent(2);
    ottla::test::counter began;
    ottla::test::counter ended;
    ottla::test::counter next;
    std::thread waiter{[&] {
      for (std::size_t round = 1; round <= rounds; ++round) {
        next.wait_for(round);
        began.raise();
        // Longer than a test case may take, so that only a wake-up ends the wait.
        if (watch.wait_for_requests(1h))
          ended.raise();
      }
    }};
    bool all_woken = true;
    for (std::size_t round = 1; round <= rounds && all_woken; ++round) {
      watch.answered(1);
      watch.answered(2);
      next.raise();
      began.wait_for(round);
      std::this_thread::yield();
      watch.sent(1);
      std::this_thread::yield();
      watch.sent(2);
      all_woken = ended.wait_for(round);
    }
    REQUIRE(all_woken);
    waiter.join();
    CHECK(ended.value() == rounds);
  }
}
