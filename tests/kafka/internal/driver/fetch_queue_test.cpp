#include "event_pump.hpp"

#include <atomic>
#include <cstddef>
#include <stop_token>
#include <thread>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

struct one_partition {
  embedded_cluster cluster{{.topics = {{"t", 1}}}};
  std::shared_ptr<driver> kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
};

} // namespace

TEST_SUITE("fetch_queue" * doctest::timeout(120)) {
  TEST_CASE_FIXTURE(
    one_partition,
    "take() returns messages in offset order and reports whether more may be waiting") {
    store(*kafka, "t", numbered(100));
    member reader{kafka->open_consumer(quick("g"))};
    const auto from = join(reader, "t");
    wake_counter wakes;
    from.at(0)->wake_on_message(wakes.hand_out());
    std::int64_t expected = 0;
    const auto until = steady::now() + 10s;
    while (expected < 100) {
      const auto got = from[0]->take(7);
      CHECK(got.messages.size() <= 7);
      CHECK(got.more == (got.messages.size() == 7));
      std::size_t bytes = 0;
      for (const auto& each : got.messages) {
        CHECK(each.offset() == expected);
        CHECK(each.value() == std::to_string(expected));
        bytes += each.value().size();
        ++expected;
      }
      CHECK(got.bytes == bytes);
      if (!got.more && expected < 100)
        REQUIRE(wakes.wait(until));
    }
    CHECK(from[0]->take(0).messages.empty());
    CHECK_FALSE(from[0]->take(0).more);
    const auto wait_for_end = [&] {
      for (const auto late = steady::now() + 10s;;) {
        const auto got = from[0]->take(7);
        if (got.end || (!got.more && !wakes.wait(late)))
          return got.end;
      }
    };

    SUBCASE("each end of the log is reported once") {
      CHECK(wait_for_end() == 100);
      for (int i = 0; i < 3; ++i)
        CHECK_FALSE(from[0]->take(7).end);
      store(*kafka, "t", numbered(3));
      CHECK(wait_for_end() == 103);
    }

    SUBCASE("a seek back delivers the messages again and then reports the end again") {
      CHECK(wait_for_end() == 100);
      from[0]->seek(90);
      CHECK(read(*from[0], 10).size() == 10);
      from[0]->wake_on_message(wakes.hand_out());
      CHECK(wait_for_end() == 100);
    }

    SUBCASE("the waker is called when the queue becomes non-empty again") {
      CHECK(wait_for_end() == 100);
      wakes.wait(steady::now());
      store(*kafka, "t", numbered(1));
      CHECK(wakes.wait(steady::now() + 10s));
      CHECK(from[0]->take(7).messages.size() == 1);
    }

    SUBCASE("wake_on_message calls the new waker if messages already wait") {
      wakes.wait(steady::now()); // consume earlier wakes
      store(*kafka, "t", numbered(1));
      REQUIRE(wakes.wait(steady::now() + 10s));
      wake_counter late;
      from[0]->wake_on_message(late.hand_out());
      CHECK(late.wait(steady::now()));
    }

    SUBCASE("a seek drops the fetched messages and resumes at its offset") {
      CHECK(read(*from[0], 0).empty());
      from[0]->seek(42);
      const auto again = read(*from[0], 58);
      REQUIRE(again.size() == 58);
      CHECK(again.front() == "42");
      CHECK(again.back() == "99");
    }

    SUBCASE("a seek ahead skips messages, and a seek to the current offset changes nothing") {
      from[0]->seek(10);
      from[0]->seek(98);
      CHECK(read(*from[0], 2) == std::vector<std::string>{"98", "99"});
      from[0]->seek(100);
      store(*kafka, "t", numbered(1, 100));
      CHECK(read(*from[0], 1) == std::vector<std::string>{"100"});
    }
  }

  // librdkafka alone would take up to a second to notice that a full queue has room again.
  TEST_CASE_FIXTURE(one_partition, "a full queue is filled again as soon as it has room") {
    constexpr std::size_t times = 40;
    const std::vector<record> too_much(10, {.key = std::nullopt, .value = std::string(8'000, 'v')});
    for (std::size_t i = 0; i < times; ++i)
      store(*kafka, "t", too_much);
    auto settings = quick("g");
    settings.memory = {.queue_bytes = 64 * 1024, .part_bytes = 64 * 1024};
    member reader{kafka->open_consumer(settings)};
    const auto from = join(reader, "t");
    CHECK(read(*from.at(0), times * too_much.size()).size() == times * too_much.size());
  }

  TEST_CASE_FIXTURE(one_partition, "each of many seeks in a row resumes at its offset") {
    store(*kafka, "t", numbered(1000));
    member reader{kafka->open_consumer(quick("g"))};
    const auto from = join(reader, "t");
    for (const auto to : {500, 3, 997, 250, 0, 999, 640}) {
      const auto some = read(*from.at(0), 5);
      CHECK(some.size() >= 1);
      from[0]->seek(to);
      const auto values = read(*from[0], 1);
      REQUIRE_FALSE(values.empty());
      CHECK(values.front() == std::to_string(to));
      from[0]->seek(0);
    }
  }

  TEST_CASE_FIXTURE(one_partition, "messages outlive their queue and their consumer") {
    store(*kafka, "t", numbered(10));
    fetched got;
    {
      member reader{kafka->open_consumer(quick("g"))};
      auto from = join(reader, "t");
      wake_counter wakes;
      from.at(0)->wake_on_message(wakes.hand_out());
      while (got.messages.empty() && wakes.wait(steady::now() + 10s))
        got = from[0]->take(10);
      from[0]->wake_on_message({});
    }
    REQUIRE_FALSE(got.messages.empty());
    CHECK(await_reaped(500ms) == 1);
    CHECK(got.messages[0].value() == "0");
    CHECK(got.messages[0].timestamp().has_value());
    got = {};
    CHECK(await_reaped(30s) == 0);
  }

  TEST_CASE_FIXTURE(one_partition, "a queue that outlives its consumer returns no messages") {
    store(*kafka, "t", numbered(10));
    queues from;
    wake_counter wakes;
    {
      member reader{kafka->open_consumer(quick("g"))};
      from = join(reader, "t");
      from.at(0)->wake_on_message(wakes.hand_out());
      REQUIRE(wakes.wait(steady::now() + 10s));
    }
    CHECK(from[0]->take(10).messages.empty());
    from[0]->seek(3);
    from[0]->wake_on_message(wakes.hand_out());
    CHECK(await_reaped(30s) == 0);
    CHECK(from[0]->take(10).messages.empty());
    from[0]->seek(0);
    from[0]->wake_on_message({});
  }

  TEST_CASE_FIXTURE(one_partition, "a take may overlap the end of the consumer and of its handle") {
    store(*kafka, "t", numbered(10));
    queues from;
    std::atomic<std::size_t> takes = 0;
    std::jthread reader_of_queue;
    {
      member reader{kafka->open_consumer(quick("g"))};
      from = join(reader, "t");
      reader_of_queue = std::jthread{[&](const std::stop_token& over) {
        while (!over.stop_requested()) {
          static_cast<void>(from.at(0)->take(3));
          ++takes;
        }
      }};
      for (const auto until = steady::now() + 10s; takes < 10 && steady::now() < until;)
        std::this_thread::yield();
      CHECK(takes >= 10);
    }
    CHECK(await_reaped(30s) == 0);
    reader_of_queue = {}; // stops and joins
    CHECK(from[0]->take(10).messages.empty());
  }

  TEST_CASE_FIXTURE(one_partition,
                    "each take from a partition fails after the fetched offset was out of range") {
    store(*kafka, "t", numbered(10));
    member reader{kafka->open_consumer(quick("g"))};
    reader->subscribe(std::vector<std::string>{"t"});
    const auto offer = reader.expect<assigned>();
    const auto from = reader->assign(offer.answer, all_at(offer.partitions, 1000));
    wake_counter wakes;
    from.at(0)->wake_on_message(wakes.hand_out());
    auto got = from[0]->take(10);
    while (!got.failed && wakes.wait(steady::now() + 10s))
      got = from[0]->take(10);
    REQUIRE(got.failed.has_value());
    CHECK(got.failed->code == errc::offset_out_of_range);
    CHECK(got.messages.empty());
    CHECK(from[0]->take(10).failed.has_value());
  }
}
