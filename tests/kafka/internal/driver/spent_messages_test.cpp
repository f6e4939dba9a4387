#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/internal/driver/librdkafka/configuration.hpp>
#include <ottla/kafka/internal/driver/librdkafka/fetched_batch.hpp>
#include <ottla/kafka/internal/driver/librdkafka/group_member.hpp>
#include <ottla/kafka/internal/driver/librdkafka/spent_messages.hpp>

#include "event_pump.hpp"

#include <atomic>
#include <span>
#include <thread>
#include <utility>
#include <vector>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

std::atomic<std::size_t> freed = 0;
const auto test_thread = std::this_thread::get_id();

void count_freed(std::span<const message> messages) {
  freed += messages.size();
}

std::vector<message> some(std::size_t count) {
  return std::vector<message>(count, message{0, {}, {}, nullptr, nullptr});
}

struct counted {
  counted() {
    freed = 0;
    spent.free_mine();
  }
  spent_messages spent{count_freed, {.messages = 10, .bytes = 1000}};
  const std::thread::id me = std::this_thread::get_id();
};

/// Runs free_mine() on a thread of its own, and returns the id of that ended thread.
std::thread::id somebody(spent_messages& spent) {
  std::thread::id id;
  std::thread{[&] {
    id = std::this_thread::get_id();
    spent.free_mine();
  }}.join();
  return id;
}

} // namespace

TEST_SUITE("spent_messages" * doctest::timeout(120)) {
  TEST_CASE_FIXTURE(counted, "free_mine on the fetching thread frees the messages, and free_mine "
                             "on another thread does not") {
    spent.add(some(3), 30, me);
    spent.add(some(2), 20, me);
    CHECK(freed == 0);
    std::thread{[this] { spent.free_mine(); }}.join();
    CHECK(freed == 0);
    spent.free_mine();
    CHECK(freed == 5);
    spent.free_mine();
    CHECK(freed == 5);
  }

  TEST_CASE_FIXTURE(counted, "free_mine keeps the messages that another thread fetched") {
    spent.add(some(3), 30, somebody(spent));
    spent.add(some(2), 20, me);
    spent.free_mine();
    CHECK(freed == 2);
    spent.close();
    CHECK(freed == 5);
  }

  TEST_CASE_FIXTURE(counted,
                    "the next free_mine frees messages of a thread that never called free_mine") {
    spent.add(some(3), 30, {});
    std::thread{[this] { spent.add(some(2), 20, std::this_thread::get_id()); }}.join();
    CHECK(freed == 0);
    spent.free_mine();
    CHECK(freed == 5);
  }

  TEST_CASE_FIXTURE(counted, "an add that exceeds a limit frees all waiting messages") {
    SUBCASE("too many messages") {
      spent.add(some(10), 30, somebody(spent));
      CHECK(freed == 0);
      spent.add(some(1), 3, me);
      CHECK(freed == 11);
    }
    SUBCASE("too many bytes") {
      spent.add(some(1), 1000, somebody(spent));
      CHECK(freed == 0);
      spent.add(some(1), 1, me);
      CHECK(freed == 2);
    }
    SUBCASE("freed messages do not count") {
      spent.add(some(10), 1000, me);
      spent.free_mine();
      spent.add(some(10), 1000, me);
      CHECK(freed == 10);
    }
  }

  TEST_CASE("concurrent threads free each message once") {
    freed = 0;
    constexpr int batches = 5'000;
    spent_messages spent{count_freed, {.messages = 500, .bytes = 1'000'000}};
    {
      std::atomic<int> under_way = 2;
      std::vector<std::jthread> threads;
      for (int fetching = 0; fetching < 2; ++fetching)
        threads.emplace_back([&] {
          while (under_way != 0)
            spent.free_mine();
        });
      for (int working = 0; working < 2; ++working)
        threads.emplace_back([&, mine = threads[static_cast<std::size_t>(working)].get_id()] {
          for (int batch = 0; batch < batches; ++batch)
            spent.add(some(3), 30, mine);
          --under_way;
        });
    }
    spent.close();
    CHECK(freed == 2 * batches * 3);
    // All freed messages were subtracted, so the limits still hold.
    spent.add(some(500), 30, somebody(spent));
    CHECK(freed == 2 * batches * 3);
  }

  // The handle is destroyed after the close, while its threads still receive responses.
  TEST_CASE("a close during free_mine leaves no message of another thread") {
    for (int repeat = 0; repeat < 20; ++repeat) {
      freed = 0;
      spent_messages spent{count_freed};
      spent.free_mine();
      for (int batch = 0; batch < 300; ++batch)
        spent.add(some(1), 1, std::this_thread::get_id());
      std::atomic<bool> over = false;
      std::atomic<int> rounds = 0;
      std::jthread fetching{[&] {
        while (!over) {
          spent.free_mine();
          ++rounds;
        }
      }};
      while (rounds < 3)
        std::this_thread::yield();
      spent.close();
      over = true;
      fetching.join();
      REQUIRE(freed == 300);
    }
  }

  TEST_CASE("the destructor frees all waiting messages") {
    freed = 0;
    {
      spent_messages spent{count_freed};
      spent.add(some(3), 30, somebody(spent));
    }
    CHECK(freed == 3);
  }

  TEST_CASE(
    "a thread of librdkafka frees a consumer's messages while the consumer keeps fetching") {
    const embedded_cluster cluster{{.topics = {{"t", 1}}}};
    const auto kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
    store(*kafka, "t", numbered(100));
    static wake_counter frees;
    static std::atomic<bool> by_me;
    by_me = false;
    freed = 0;
    const auto settings = quick("g");
    auto threads = std::make_unique<interceptors>([](std::span<const message> messages) {
      if (std::this_thread::get_id() == test_thread)
        by_me = true;
      destroy_messages(messages);
      freed += messages.size();
      frees.hand_out()();
    });
    const cluster_settings common{.brokers = cluster.brokers()};
    auto conf = configure_consumer(common, settings);
    intercept(conf.get(), *threads);
    auto* const native = std::get<rd_kafka_t*>(conf.open(RD_KAFKA_CONSUMER));
    member reader{std::make_unique<ottla::kafka::group_member>(
      native, std::move(threads), settings.memory,
      std::make_unique<offset_lookup>(common, settings))};
    const auto from = join(reader, "t");
    CHECK(read(*from.at(0), 100).size() == 100);
    store(*kafka, "t", numbered(1, 100));
    CHECK(read(*from[0], 1).size() == 1);
    const auto until = steady::now() + 10s;
    while (freed < 101 && frees.wait(until)) {
    }
    CHECK(freed == 101);
    CHECK_FALSE(by_me);
  }
}
