// Consumers without a group, on the embedded cluster.

#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/process_names.hpp>
#include <ottla/supervision/application.hpp>

#include "broker/deliveries.hpp"
#include "kafka/internal/driver/event_pump.hpp"

#include <doctest/doctest.h>

#include <map>
#include <mutex>
#include <optional>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

/// The program's own store of offsets.
struct own_store {
  std::mutex guard;
  std::map<topic_partition, std::int64_t> offsets;

  begin_offset find(const topic_partition& where) {
    const std::lock_guard lock{guard};
    const auto found = offsets.find(where);
    return found == offsets.end() ? begin_offset{earliest{}} : at_offset{found->second};
  }
  void put(std::span<const next_offset> stored) {
    const std::lock_guard lock{guard};
    for (const auto& one : stored)
      offsets[one.where] = one.offset;
  }
};

struct running_consumer {
  embedded_cluster cluster{{.topics = {{"t", 2}}}};
  std::shared_ptr<driver> kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
  std::shared_ptr<deliveries> seen = std::make_shared<deliveries>();
  std::shared_ptr<own_store> own = std::make_shared<own_store>();
  consumer how{.topic = "t",
               .handler = handler<noting_handler>(seen),
               .begin = [own = own](const topic_partition& where) { return own->find(where); },
               .store_offsets = [own = own](std::span<const next_offset> all) { own->put(all); },
               .store_interval = 50ms,
               .batch_size = 50,
               .worker_restarts = {.longest = 10ms},
               .fetch_wait = 10ms};
  std::size_t stored = 0;
  std::optional<application> app;

  void start() {
    app.emplace(application_spec{.id = "test",
                                 .restarts = {.at_most = 100, .within = 1h},
                                 .children = {connection{.name = "c",
                                                         .brokers = cluster.brokers(),
                                                         .consumers = {how},
                                                         .restarts = {.at_most = 100, .within = 1h},
                                                         .observer = seen,
                                                         .metadata_interval = 500ms}}});
  }

  /// Stores messages in both partitions. Each value is the message's offset.
  void store_more(std::size_t count) {
    for (int partition = 0; partition < 2; ++partition)
      store(*kafka, "t", numbered(count, stored), partition);
    stored += count;
  }

  void kill_named(const std::string& name) {
    const auto victim = app->names()->whereis("c/consumer/t/" + name);
    CHECK_MESSAGE(victim, name);
    kill(victim);
  }
};

} // namespace

TEST_SUITE("consumer without a group: end to end" * doctest::timeout(120)) {
  TEST_CASE_FIXTURE(running_consumer,
                    "no message is lost when the processes of a consumer are killed in turn") {
    start();
    store_more(200);
    REQUIRE(seen->wait_for_distinct(2 * stored));
    for (const std::string victim : {"worker/0", "group_manager", "worker_supervisor",
                                     "acknowledger", "worker/1", "coordinator"}) {
      CAPTURE(victim);
      store_more(200);
      kill_named(victim);
      store_more(200);
      REQUIRE(seen->wait_for_distinct(2 * stored));
    }
    CHECK(app->stop());
    CHECK(seen->distinct() == 2 * stored);
    for (int partition = 0; partition < 2; ++partition)
      CHECK(own->offsets.at({"t", partition}) == static_cast<std::int64_t>(stored));
  }

  TEST_CASE_FIXTURE(running_consumer,
                    "a program that keeps its offsets itself resumes after its restart, and "
                    "handles each message once") {
    start();
    store_more(300);
    REQUIRE(seen->wait_for_distinct(2 * stored));
    CHECK(app->stop());
    CHECK(own->offsets.at({"t", 0}) == 300);
    store_more(100);
    start();
    REQUIRE(seen->wait_for_distinct(2 * stored));
    CHECK(app->stop());
    CHECK(seen->total() == 2 * stored);
  }

  TEST_CASE_FIXTURE(running_consumer, "a listed partition is read from an offset, and other "
                                      "partitions are not read") {
    store_more(20);
    how.partitions = {1};
    how.begin = at_offset{15};
    start();
    REQUIRE(seen->wait_for_distinct(5));
    CHECK(app->stop());
    CHECK(seen->of({"t", 0}).empty());
    CHECK(seen->of({"t", 1}).begin()->first == 15);
  }

  TEST_CASE_FIXTURE(running_consumer, "`latest` delivers only messages that are produced later") {
    store_more(20);
    how.begin = latest{};
    start();
    // The first offsets are stored as soon as they are known.
    REQUIRE(seen->wait_for_commit({"t", 0}, 20));
    REQUIRE(seen->wait_for_commit({"t", 1}, 20));
    store_more(10);
    REQUIRE(seen->wait_for_distinct(20));
    CHECK(app->stop());
    CHECK(seen->of({"t", 0}).begin()->first == 20);
  }

  TEST_CASE_FIXTURE(running_consumer, "a consumer survives an outage of the broker") {
    start();
    store_more(100);
    REQUIRE(seen->wait_for_distinct(2 * stored));
    cluster.take_broker_down(1);
    cluster.bring_broker_up(1);
    store_more(100);
    REQUIRE(seen->wait_for_distinct(2 * stored));
    CHECK(app->stop());
    CHECK(seen->total() == 2 * stored);
  }
}
