// Consumers without a group: what only a real broker shows. New partitions appear, retention
// deletes records, transactions leave markers, and no group appears in the cluster.

#include <ottla/kafka/admin/groups.hpp>
#include <ottla/kafka/admin/records.hpp>
#include <ottla/kafka/admin/topics.hpp>
#include <ottla/kafka/connection.hpp>
#include <ottla/supervision/application.hpp>

#include "broker/broker.hpp"
#include "broker/deliveries.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

struct consuming {
  std::string topic = fresh_topic("groupless", 2);
  std::shared_ptr<deliveries> seen = std::make_shared<deliveries>();
  std::optional<application> app;

  consumer how{.topic = topic,
               .handler = handler<noting_handler>(seen),
               .store_interval = 100ms,
               .batch_size = 100,
               .fetch_wait = 50ms};

  void start() {
    app.emplace(application_spec{.id = "app",
                                 .children = {connection{.name = "c",
                                                         .brokers = brokers(),
                                                         .consumers = {how},
                                                         .observer = seen,
                                                         .metadata_interval = 1s}}});
  }

  void kill_named(const std::string& name) {
    const auto victim = app->names()->whereis("c/consumer/" + topic + "/" + name);
    REQUIRE(victim);
    kill(victim);
  }
};

} // namespace

TEST_SUITE("consumer without a group on Apache Kafka" * doctest::timeout(180)) {
  TEST_CASE_FIXTURE(consuming, "two programs read all messages of all partitions, in order, and "
                               "the cluster knows no group") {
    store_numbered(topic, 2, 1'000);
    start();
    const auto others = std::make_shared<deliveries>();
    auto other = how;
    other.handler = handler<noting_handler>(others);
    application second{
      {.id = "other",
       .children = {connection{.name = "d", .brokers = brokers(), .consumers = {other}}}}};
    REQUIRE(seen->wait_for_distinct(2'000));
    REQUIRE(others->wait_for_distinct(2'000));
    CHECK(seen->total() == 2'000);
    CHECK(others->total() == 2'000);
    CHECK(second.stop());
    CHECK(app->stop());
    const auto groups = list_groups({.brokers = brokers()}, 20s);
    REQUIRE(groups);
    for (const auto& group : groups->groups)
      CHECK(group.name.find(topic) == std::string::npos);
  }

  TEST_CASE_FIXTURE(consuming, "a killed worker and a killed coordinator cost no message, and "
                               "nothing that was acknowledged comes again") {
    store_numbered(topic, 2, 500);
    start();
    REQUIRE(seen->wait_for_distinct(1'000));
    for (const auto& where : partitions_of(topic, 2))
      REQUIRE(seen->wait_for_commit(where, 500));
    for (const std::string victim : {"worker/0", "coordinator"}) {
      CAPTURE(victim);
      kill_named(victim);
      const auto before = seen->distinct();
      store_numbered(topic, 2, 500, before / 2);
      REQUIRE(seen->wait_for_distinct(before + 1'000));
    }
    CHECK(app->stop());
    CHECK(seen->total() == 3'000);
  }

  TEST_CASE_FIXTURE(consuming, "a partition that is added is read from its first message") {
    how.begin = latest{};
    start();
    REQUIRE(seen->wait_for_commit({topic, 1}, 0));
    REQUIRE(add_partitions({.brokers = brokers()}, topic, 3, 20s));
    store(*make_librdkafka_driver({.brokers = brokers()}), topic, numbered(50), 2);
    REQUIRE(seen->wait_for_times({topic, 2}, 49, 1));
    CHECK(app->stop());
    CHECK(seen->of({topic, 2}).size() == 50);
  }

  TEST_CASE_FIXTURE(consuming, "deleted records are reported, and the partition continues at the "
                               "first record") {
    store_numbered(topic, 2, 100);
    const std::vector<records_before> gone{{.where = {topic, 0}, .offset = 60}};
    const auto deleted = delete_records({.brokers = brokers()}, gone, 20s);
    REQUIRE(deleted);
    how.begin = at_offset{10};
    start();
    REQUIRE(seen->wait_for_distinct(40 + 90));
    CHECK(app->stop());
    CHECK(seen->of({topic, 0}).begin()->first == 60);
    CHECK(seen->of({topic, 1}).begin()->first == 10);
    CHECK(std::ranges::count(seen->failures(), "offset_out_of_range: " + topic
                                                 + "/0: offset 10 is outside of 60..100, "
                                                   "beginning at 60")
          == 1);
  }

  TEST_CASE_FIXTURE(consuming, "`since` begins at the first message since a time") {
    store_numbered(topic, 2, 20);
    how.begin = since{std::chrono::system_clock::now() + 1h};
    start();
    REQUIRE(seen->wait_for_commit({topic, 0}, 20));
    REQUIRE(seen->wait_for_commit({topic, 1}, 20));
    store_numbered(topic, 2, 5, 20);
    REQUIRE(seen->wait_for_distinct(10));
    CHECK(app->stop());
  }
}
