#include "event_pump.hpp"

#include <set>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("record_sender" * doctest::timeout(120)) {
  TEST_CASE("a batch is reported once, when all of it is stored") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    sender to{make_librdkafka_client({.brokers = cluster.brokers()})->open_producer({})};
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

  TEST_CASE("an empty batch is delivered at once") {
    sender to{make_librdkafka_client({.brokers = "127.0.0.1:1"})->open_producer({})};
    CHECK(to->send(make_batch(3, "t", {}), 0) == 0);
    CHECK(to.expect<delivered>().asked == 3);
  }

  TEST_CASE("a full queue stops the batch, which goes on after a wake") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    sender to{make_librdkafka_client({.brokers = cluster.brokers()})
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

  TEST_CASE("a record that is refused is reported by its index, the others are stored") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    sender to{make_librdkafka_client({.brokers = cluster.brokers()})->open_producer({})};
    auto records = numbered(3);
    records[1].value = std::string(2'000'000, 'x');
    CHECK(to->send(make_batch(1, "t", std::move(records)), 0) == 3);
    const auto report = to.expect<delivered>();
    REQUIRE(report.failures.size() == 1);
    CHECK(report.failures[0].index == 1);
    CHECK(report.failures[0].why.code == errc::record_too_large);
  }

  TEST_CASE("what cannot be delivered in time is reported, and closing ends with that") {
    sender to{make_librdkafka_client({.brokers = "127.0.0.1:1"})
                ->open_producer({.linger = 0us, .delivery_timeout = 500ms})};
    CHECK(to->send(make_batch(1, "t", numbered(3)), 0) == 3);
    to->close();
    const auto report = to.expect<delivered>();
    CHECK(report.failures.size() == 3);
    CHECK(report.failures[2].index == 2);
    CHECK(report.failures[0].why.code == errc::timed_out);
    to.expect<closed>();
    CHECK(to.expect<client_failed>().what.code == errc::unreachable);
  }

  TEST_CASE("closing sends what is waiting, and refuses more") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    sender to{
      make_librdkafka_client({.brokers = cluster.brokers()})->open_producer({.linger = 50'000us})};
    CHECK(to->send(make_batch(1, "t", numbered(10)), 0) == 10);
    to->close();
    CHECK(to->send(make_batch(2, "t", numbered(1)), 0) == 1);
    const auto refused = to.expect<delivered>();
    CHECK(refused.asked == 2);
    CHECK(refused.failures.at(0).why.code == errc::closed);
    CHECK(to.expect<delivered>().failures.empty());
    to.expect<closed>();
  }

  TEST_CASE("closing does not wait for more records, however long they may linger") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    sender to{make_librdkafka_client({.brokers = cluster.brokers()})
                ->open_producer({.linger = 60'000'000us})};
    CHECK(to->send(make_batch(1, "t", numbered(10)), 0) == 10);
    CHECK_FALSE(to.find<delivered>(500ms).has_value());
    to->close();
    CHECK(to.expect<delivered>(10s).failures.empty());
    to.expect<closed>();
  }

  TEST_CASE("records that are given up are reported: those that were never sent are not stored") {
    sender to{make_librdkafka_client({.brokers = "127.0.0.1:1"})->open_producer({})};
    CHECK(to->send(make_batch(1, "t", numbered(3)), 0) == 3);
    to->close();
    to->abandon();
    const auto report = to.expect<delivered>(2s);
    REQUIRE(report.failures.size() == 3);
    CHECK(report.failures[2].why.code == errc::closed);
    CHECK_FALSE(report.failures[2].may_be_stored);
    to.expect<closed>(2s);
  }

  TEST_CASE("an idle producer is closed at once") {
    sender to{make_librdkafka_client({.brokers = "127.0.0.1:1"})->open_producer({})};
    to->close();
    to.expect<closed>(1s);
  }

  TEST_CASE(
    "a producer that is destroyed with records on their way does not block, and is reaped") {
    {
      sender to{make_librdkafka_client({.brokers = "127.0.0.1:1"})->open_producer({})};
      CHECK(to->send(make_batch(1, "t", numbered(1000)), 0) == 1000);
      const auto began = steady::now();
      to.destroy();
      CHECK(steady::now() - began < 500ms);
    }
    CHECK(await_reaped(10s) == 0);
  }
}
