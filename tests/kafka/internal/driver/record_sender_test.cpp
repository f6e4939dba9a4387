#include "cluster_without_topic.hpp"
#include "event_pump.hpp"

#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("record_sender" * doctest::timeout(120)) {
  TEST_CASE("a batch is reported once, after all its records are stored") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    sender to{make_librdkafka_driver({.brokers = cluster.brokers()})->open_producer({})};
    REQUIRE(to->send(make_batch(7, "t", numbered(100)), 0) == 100);
    REQUIRE(to->send(make_batch(8, "t", numbered(1)), 0) == 1);
    std::set<token> reported;
    for (int i = 0; i < 2; ++i) {
      const auto report = to.expect<delivered>();
      CHECK(report.failures.empty());
      reported.insert(report.asked);
    }
    CHECK(reported == std::set<token>{7, 8});
    CHECK_FALSE(to.find<delivered>(0ms).has_value());
  }

  TEST_CASE("urgent batches do not wait for linger, from one thread and from four") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    sender to{make_librdkafka_driver({.brokers = cluster.brokers()})
                ->open_producer({.linger = 10min, .delivery_timeout = 20min})};
    const auto urgent = [](token asked, bool may_block) {
      return std::make_shared<const outgoing>(outgoing{.asked = asked,
                                                       .topic = "t",
                                                       .partition = 0,
                                                       .records = numbered(10),
                                                       .is_urgent = true,
                                                       .may_block = may_block});
    };
    for (const bool may_block : {false, true})
      for (token asked = 1; asked <= 3; ++asked) {
        CAPTURE(may_block);
        CHECK(to->send(urgent(asked, may_block), 0) == 10);
        const auto report = to.expect<delivered>();
        CHECK(report.asked == asked);
        CHECK(report.failures.empty());
      }
    {
      std::vector<std::jthread> threads;
      for (token caller = 0; caller < 4; ++caller)
        threads.emplace_back([&, caller] {
          for (token i = 0; i < 5; ++i)
            to->send(urgent(10 + caller * 5 + i, caller != 0), 0);
        });
    }
    std::set<token> reported;
    for (int i = 0; i < 20; ++i)
      reported.insert(to.expect<delivered>().asked);
    CHECK(reported.size() == 20);
  }

  TEST_CASE("an empty batch is delivered at once") {
    sender to{make_librdkafka_driver({.brokers = "127.0.0.1:1"})->open_producer({})};
    CHECK(to->send(make_batch(3, "t", {}), 0) == 0);
    CHECK(to.expect<delivered>().asked == 3);
  }

  TEST_CASE("a full queue accepts a part of a batch, and accepts the rest after a wake") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    sender to{make_librdkafka_driver({.brokers = cluster.brokers()})
                ->open_producer({.linger = 0us, .buffer_bytes = 16 * 1024})};
    const auto batch = make_batch(1, "t", numbered(2000));
    auto taken = to->send(batch, 0);
    CHECK(taken > 0);
    CHECK(taken < 2000);
    wake_counter wakes;
    to->wake_on_event(wakes.hand_out());
    const auto until = steady::now() + 15s;
    while (taken < 2000 && wakes.wait(until)) {
      CHECK_FALSE(to.find<delivered>(0ms).has_value());
      taken = to->send(batch, taken);
    }
    CHECK(taken == 2000);
    std::optional<producer_event> report;
    while (!(report = to->next_event()) && wakes.wait(until)) {
    }
    to->wake_on_event({});
    REQUIRE(report.has_value());
    CHECK(std::get<delivered>(*report).failures.empty());
  }

  TEST_CASE("a rejected record is reported by its index, and the other records are stored") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    sender to{make_librdkafka_driver({.brokers = cluster.brokers()})->open_producer({})};
    auto records = numbered(3);
    records[1].value = std::string(2'000'000, 'x');
    CHECK(to->send(make_batch(1, "t", std::move(records)), 0) == 3);
    const auto report = to.expect<delivered>();
    REQUIRE(report.failures.size() == 1);
    CHECK(report.failures[0].index == 1);
    CHECK(to_string(report.failures[0].why)
          == "record_too_large: t/0: a record of 2000000 bytes: Broker: Message size too large; "
             "message.max.bytes is 1000000");
  }

  TEST_CASE(
    "records that cannot be delivered in time are reported before a closing producer ends") {
    sender to{make_librdkafka_driver({.brokers = "127.0.0.1:1"})
                ->open_producer({.linger = 0us, .delivery_timeout = 500ms})};
    CHECK(to->send(make_batch(1, "t", numbered(3)), 0) == 3);
    to->close();
    const auto report = to.expect<delivered>();
    CHECK(report.failures.size() == 3);
    CHECK(report.failures[2].index == 2);
    CHECK(report.failures[0].why.code == errc::timed_out);
    to.expect<closed>();
    CHECK(to.expect<handle_failed>().what.code == errc::unreachable);
  }

  TEST_CASE("the failure of a record that timed out suggests a missing topic if no broker knows "
            "the topic") {
    const cluster_without_topic cluster{"orders"};
    sender to{make_librdkafka_driver({.brokers = cluster.brokers()})
                ->open_producer({.linger = 0us, .delivery_timeout = 1500ms})};
    CHECK(to->send(make_batch(1, "orders", numbered(2), -1), 0) == 2);
    CHECK(to->send(make_batch(2, "orders", numbered(1), 3), 0) == 1);
    std::set<std::string> told;
    for (int i = 0; i < 2; ++i)
      for (const auto& each : to.expect<delivered>().failures)
        told.insert(to_string(each.why));
    CHECK(told
          == std::set<std::string>{
            "timed_out: orders/3: the topic may not exist, or the partition has no leader: Local: "
            "Message timed out",
            "timed_out: topic \"orders\": the topic may not exist, or the partition has no leader: "
            "Local: Message timed out"});
  }

  TEST_CASE("a topic that stays unknown to brokers for long is reported as unknown_topic") {
    const cluster_without_topic cluster{"orders"};
    sender to{make_librdkafka_driver({.brokers = cluster.brokers(),
                                      .extra = {{"topic.metadata.propagation.max.ms", "500"}}})
                ->open_producer({.linger = 0us})};
    CHECK(to->send(make_batch(1, "orders", numbered(1), -1), 0) == 1);
    // The rest of the text is librdkafka's, which differs between versions.
    CHECK(to_string(to.expect<delivered>().failures.at(0).why)
            .starts_with("unknown_topic: topic \"orders\": "));
  }

  TEST_CASE("if no broker has answered, the failure of a record that timed out says so") {
    sender to{make_librdkafka_driver({.brokers = "127.0.0.1:1"})
                ->open_producer({.linger = 0us, .delivery_timeout = 500ms})};
    CHECK(to->send(make_batch(1, "orders", numbered(1), -1), 0) == 1);
    CHECK(to_string(to.expect<delivered>().failures.at(0).why)
          == "timed_out: topic \"orders\": no broker has answered: Local: Message timed out");
  }

  TEST_CASE("the failure of a record that timed out does not suggest a missing topic if the topic "
            "had a leader") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    sender to{make_librdkafka_driver({.brokers = cluster.brokers()})
                ->open_producer({.linger = 0us, .delivery_timeout = 1500ms})};
    CHECK(to->send(make_batch(1, "t", numbered(1)), 0) == 1);
    REQUIRE(to.expect<delivered>().failures.empty());
    cluster.take_broker_down(1);
    CHECK(to->send(make_batch(2, "t", numbered(1)), 0) == 1);
    CHECK(to_string(to.expect<delivered>().failures.at(0).why)
          == "timed_out: t/0: Local: Message timed out");
  }

  TEST_CASE("a partition that does not exist is reported as unknown_topic") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    sender to{make_librdkafka_driver({.brokers = cluster.brokers()})->open_producer({})};
    for (token asked = 1; asked < 3; ++asked) {
      CHECK(to->send(make_batch(asked, "t", numbered(1), 7), 0) == 1);
      CHECK(to_string(to.expect<delivered>().failures.at(0).why)
            == "unknown_topic: t/7: Local: Unknown partition");
    }
  }

  TEST_CASE("a rejected record is reported with its partition, and a record that is too large also "
            "with its size") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    sender to{make_librdkafka_driver({.brokers = cluster.brokers()})
                ->open_producer({.linger = 0us, .idempotent = false})};
    const auto refused = [&](std::int16_t code) {
      cluster.fail_next(embedded_cluster::request::produce, {code});
      CHECK(to->send(make_batch(1, "t", {{.key = "key", .value = "value"}}, -1), 0) == 1);
      return to_string(to.expect<delivered>().failures.at(0).why);
    };
    CHECK(refused(10)
          == "record_too_large: t/0: a record of 8 bytes: Broker: Message size too large");
    CHECK(refused(29) == "not_authorized: t/0: Broker: Topic authorization failed");
  }

  TEST_CASE("a closing producer sends waiting records and rejects new records") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    sender to{
      make_librdkafka_driver({.brokers = cluster.brokers()})->open_producer({.linger = 50'000us})};
    CHECK(to->send(make_batch(1, "t", numbered(10)), 0) == 10);
    to->close();
    CHECK(to->send(make_batch(2, "t", numbered(1)), 0) == 1);
    const auto refused = to.expect<delivered>();
    CHECK(refused.asked == 2);
    CHECK(to_string(refused.failures.at(0).why) == "closed: t/0: the producer is closing");
    CHECK(to.expect<delivered>().failures.empty());
    to.expect<closed>();
  }

  TEST_CASE("a closing producer does not wait for linger") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    sender to{make_librdkafka_driver({.brokers = cluster.brokers()})
                ->open_producer({.linger = 60'000'000us})};
    CHECK(to->send(make_batch(1, "t", numbered(10)), 0) == 10);
    CHECK_FALSE(to.find<delivered>(500ms).has_value());
    to->close();
    CHECK(to.expect<delivered>(10s).failures.empty());
    to.expect<closed>();
  }

  TEST_CASE(
    "abandoned records are reported, and records that were never sent are reported as not stored") {
    sender to{make_librdkafka_driver({.brokers = "127.0.0.1:1"})->open_producer({})};
    CHECK(to->send(make_batch(1, "t", numbered(3)), 0) == 3);
    to->close();
    to->abandon();
    const auto report = to.expect<delivered>(2s);
    REQUIRE(report.failures.size() == 3);
    CHECK(to_string(report.failures[2].why) == "closed: t/0: Local: Purged in queue");
    CHECK_FALSE(report.failures[2].may_be_stored);
    to.expect<closed>(2s);
  }

  TEST_CASE("an idle producer is closed at once") {
    sender to{make_librdkafka_driver({.brokers = "127.0.0.1:1"})->open_producer({})};
    to->close();
    to.expect<closed>(1s);
  }

  TEST_CASE(
    "destroying a producer with records in flight does not block, and the handle is reaped") {
    {
      sender to{make_librdkafka_driver({.brokers = "127.0.0.1:1"})->open_producer({})};
      CHECK(to->send(make_batch(1, "t", numbered(1000)), 0) == 1000);
      const auto began = steady::now();
      to.destroy();
      CHECK(steady::now() - began < 500ms);
    }
    CHECK(await_reaped(30s) == 0);
  }

  TEST_CASE("a report names the partition and the offset of each stored record") {
    embedded_cluster cluster{{.topics = {{"t", 2}}}};
    sender to{make_librdkafka_driver({.brokers = cluster.brokers()})->open_producer({})};
    CHECK(to->send(make_batch(1, "t", numbered(3), 1), 0) == 3);
    CHECK(to.expect<delivered>().places == std::vector<record_place>{{1, 0}, {1, 1}, {1, 2}});
    CHECK(
      to->send(make_batch(2, "t", {{.value = std::string(2'000'000, 'x')}, {.value = "x"}}, 1), 0)
      == 2);
    CHECK(to.expect<delivered>().places == std::vector<record_place>{{}, {1, 3}});
  }

  TEST_CASE("a topic's own settings override the settings of the producer") {
    embedded_cluster cluster{{.topics = {{"t", 1}, {"u", 1}}}};
    sender to{make_librdkafka_driver({.brokers = cluster.brokers()})
                ->open_producer({.linger = 0us, .idempotent = false},
                                {{.topic = "t", .acks = ack_level::none}})};
    CHECK(to->send(make_batch(1, "t", numbered(1)), 0) == 1);
    CHECK(to.expect<delivered>().places == std::vector<record_place>{{0, -1}});
    CHECK(to->send(make_batch(2, "u", numbered(1)), 0) == 1);
    CHECK(to.expect<delivered>().places == std::vector<record_place>{{0, 0}});
  }

  TEST_CASE("several threads send at the same time, and each batch is reported once") {
    embedded_cluster cluster{{.topics = {{"t", 2}, {"u", 2}}}};
    sender to{make_librdkafka_driver({.brokers = cluster.brokers()})->open_producer({})};
    constexpr token batches = 50;
    std::vector<std::thread> threads;
    for (token first = 1; first <= 4; ++first)
      threads.emplace_back([&, first] {
        for (auto asked = first; asked <= batches; asked += 4) {
          auto records = numbered(20);
          records[3].timestamp = std::chrono::system_clock::time_point{-1ms}; // rejected at once
          to->send(make_batch(asked, asked % 2 == 0 ? "t" : "u", std::move(records), -1), 0);
        }
      });
    for (auto& each : threads)
      each.join();
    std::set<token> reported;
    for (token count = 0; count < batches; ++count) {
      const auto report = to.expect<delivered>();
      CHECK(reported.insert(report.asked).second);
      CHECK(report.failures.size() == 1);
    }
    CHECK_FALSE(to.find<delivered>(50ms).has_value());
  }
}
