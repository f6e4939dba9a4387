#include <ottla/kafka/internal/driver/librdkafka/doorbell.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>

#include "support/counter.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

using namespace ottla::kafka;

namespace {

/// A producer handle without brokers, and a queue of the handle.
struct idle_queue {
  /// Makes librdkafka call the queue's callback, as it does for an event.
  void call_back() const { rd_kafka_queue_yield(queue.get()); }

  static rd_kafka_t* open() {
    auto* conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, nullptr);
    return rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0);
  }

  owned_handle handle{open()};
  owned_queue queue{rd_kafka_queue_new(handle.get())};
};

} // namespace

TEST_SUITE("doorbell") {
  TEST_CASE("a ring without a waker has no effect, even after a waker is connected") {
    doorbell bell;
    bell.ring();
    int rings = 0;
    bell.connect([&] { ++rings; });
    CHECK(rings == 0);
    bell.ring();
    bell.ring();
    CHECK(rings == 2);
  }

  TEST_CASE("a new waker replaces the former waker, and null removes it") {
    doorbell bell;
    int former = 0;
    int current = 0;
    bell.connect([&] { ++former; });
    bell.connect([&] { ++current; });
    bell.ring();
    CHECK(former == 0);
    CHECK(current == 1);
    bell.connect(nullptr);
    bell.ring();
    CHECK(current == 1);
  }

  TEST_CASE("a bell releases its former waker") {
    doorbell bell;
    auto held = std::make_shared<int>(0);
    const std::weak_ptr<int> watched{held};
    bell.connect([held = std::move(held)] { ++*held; });
    CHECK_FALSE(watched.expired());
    bell.connect(nullptr);
    CHECK(watched.expired());
  }

  TEST_CASE("a queue of librdkafka rings its bell until the bell is detached") {
    const idle_queue on;
    doorbell bell;
    int rings = 0;
    bell.connect([&] { ++rings; });
    bell.attach(on.queue.get());
    on.call_back();
    CHECK(rings == 1);
    doorbell::detach(on.queue.get());
    on.call_back();
    CHECK(rings == 1);
  }

  TEST_CASE("no thread runs a former waker after connect() has returned") {
    constexpr int rounds = 2'000;
    doorbell bell;
    std::atomic<bool> done = false;
    ottla::test::counter ringing;
    std::vector<std::thread> ringers;
    for (int number = 0; number < 2; ++number)
      ringers.emplace_back([&] {
        ringing.raise();
        while (!done)
          bell.ring();
      });
    const bool all_ring = ringing.wait_for(2);
    std::atomic<int> stale = 0;
    for (int round = 0; round < rounds; ++round) {
      std::atomic<bool> is_current = true;
      bell.connect([&] { stale += !is_current; });
      bell.connect(nullptr);
      is_current = false;
    }
    done = true;
    for (auto& each : ringers)
      each.join();
    CHECK(all_ring);
    CHECK(stale == 0);
  }
}
