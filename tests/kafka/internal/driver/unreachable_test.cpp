// Unreachable brokers with the real client. Health names the brokers within 5 s, and recovers
// within seconds of their return.

#include <ottla/actors/call.hpp>
#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/health.hpp>
#include <ottla/kafka/producer/produce.hpp>
#include <ottla/supervision/application.hpp>

#include "kafka/internal/driver/black_hole.hpp"
#include "kafka/internal/driver/event_pump.hpp"
#include "kafka/internal/driver/raw_topic.hpp"
#include "support/counter.hpp"

#include <doctest/doctest.h>
#include <librdkafka/rdkafka_mock.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

/// Lets a test wait for a connection's reports.
class listener : public observer {
public:
  void failed(const error& what) override { note("failed " + to_string(what)); }
  void recovered() override { note("recovered"); }
  void assigned(std::int32_t, std::span<const topic_partition>) override { note("assigned"); }

  /// Waits for a line that starts with `begin`. Drops all lines before that line.
  bool heard(const std::string& begin, std::chrono::milliseconds within) {
    const auto until = steady::now() + within;
    std::unique_lock guard{lock_};
    for (;;) {
      while (!lines_.empty()) {
        const auto line = lines_.front();
        lines_.pop_front();
        if (line.starts_with(begin))
          return true;
      }
      if (changed_.wait_until(guard, until) == std::cv_status::timeout && lines_.empty())
        return false;
    }
  }

private:
  void note(std::string line) {
    const std::scoped_lock guard{lock_};
    lines_.push_back(std::move(line));
    changed_.notify_all();
  }

  std::mutex lock_;
  std::condition_variable changed_;
  std::deque<std::string> lines_;
};

struct idle_handler : batch_handler {
  verdict handle(batch) override { return ack(); }
};

/// Brokers that can hang. Each broker leads one partition of `t`. The first broker coordinates
/// group `g`.
class hanging_brokers {
public:
  explicit hanging_brokers(int count) : cluster_{rd_kafka_mock_cluster_new(host_.get(), count)} {
    REQUIRE(cluster_);
    rd_kafka_mock_topic_create(cluster_.get(), "t", count, 1);
    for (int partition = 0; partition < count; ++partition)
      rd_kafka_mock_partition_set_leader(cluster_.get(), "t", partition, partition + 1);
    rd_kafka_mock_coordinator_set(cluster_.get(), "group", "g", 1);
  }

  std::string brokers() const { return rd_kafka_mock_cluster_bootstraps(cluster_.get()); }
  /// From now on, the broker accepts connections and requests, and does not answer.
  void hang(int broker) { rd_kafka_mock_broker_set_rtt(cluster_.get(), broker, 1'000'000); }
  void restart(int broker) {
    rd_kafka_mock_broker_set_down(cluster_.get(), broker);
    rd_kafka_mock_broker_set_rtt(cluster_.get(), broker, 0);
    rd_kafka_mock_broker_set_up(cluster_.get(), broker);
  }

private:
  owned_handle host_ = open_raw(RD_KAFKA_PRODUCER, {});
  owned<rd_kafka_mock_cluster_t, rd_kafka_mock_cluster_destroy> cluster_;
};

/// Waits until a record is stored. Returns false after `within`.
bool produces(application& app, std::chrono::milliseconds within) {
  const auto done = call<produced>(app.system(), app.find("c/producer"), within,
                                   produce{.topic = "t", .records = {{.value = "v"}}});
  return done && done->stored == 1;
}

/// Sends records continuously, even while no broker answers.
class busy_sender {
public:
  explicit busy_sender(application& app)
    : thread_{[&app, this](const std::stop_token& over) {
        while (!over.stop_requested())
          if (produces(app, 200ms))
            stored_.raise();
      }} {}

  /// Waits until `more` further records are stored.
  bool stores(std::size_t more, std::chrono::milliseconds within) {
    return stored_.wait_for(stored_.value() + more, within);
  }

private:
  ottla::test::counter stored_; // outlives the thread
  std::jthread thread_;
};

struct watched_connection {
  std::shared_ptr<listener> told = std::make_shared<listener>();

  connection producing(const std::string& brokers) const {
    return {.name = "c", .brokers = brokers, .producing = producer_settings{}, .observer = told};
  }
  connection consuming(const std::string& brokers) const {
    return {.name = "c",
            .brokers = brokers,
            .group_consumer = group_consumer{.group = "g",
                                             .topics = {"t"},
                                             .handler = handler<idle_handler>(),
                                             .session_timeout = 6s,
                                             .heartbeat_interval = 1s},
            .observer = told};
  }

  static std::string health(application& app) {
    // Calls on a thread that ends, because CAF keeps state for each calling thread.
    return std::async(std::launch::async,
                      [&] {
                        const auto answer = call<health_report>(app.system(), app.find("c/health"),
                                                                1s, get_health{});
                        return answer ? to_string(*answer) : "no answer";
                      })
      .get();
  }

  /// Checks the reports about brokers that are unreachable from the start.
  void check_away(connection what) {
    // A new listener gets no report of an earlier connection.
    what.observer = told = std::make_shared<listener>();
    application app{{.id = "p", .children = {std::move(what)}}};
    CHECK(told->heard("failed unreachable", 5s));
    const auto report = health(app);
    CAPTURE(report);
    CHECK(report.find("degraded: brokers: unreachable") == 0);
  }

  /// Hangs and then restarts the only broker. Checks that the hang is reported until the restart.
  void check_hang_is_reported(hanging_brokers& cluster, application& app) const {
    cluster.hang(1);
    CHECK(told->heard("failed unreachable", 5s));
    CHECK(health(app).starts_with("degraded: brokers: unreachable"));
    CHECK_FALSE(told->heard("recovered", 3s));
    CHECK(health(app).starts_with("degraded: brokers: "));
    cluster.restart(1);
    CHECK(told->heard("recovered", 30s));
  }
};

} // namespace

TEST_SUITE("unreachable brokers" * doctest::timeout(120)) {
  TEST_CASE_FIXTURE(watched_connection,
                    "a port that accepts connections and never answers is reported within 5 s") {
    const black_hole hole;
    check_away(producing(hole.broker()));
    check_away(consuming(hole.broker()));
  }

  TEST_CASE_FIXTURE(watched_connection, "a port without a listener is reported within 5 s") {
    check_away(producing("127.0.0.1:1"));
    check_away(consuming("127.0.0.1:1"));
  }

  TEST_CASE_FIXTURE(watched_connection,
                    "a host name that does not resolve is reported within 5 s") {
    check_away(producing("no-such-host.invalid:9092"));
    check_away(consuming("no-such-host.invalid:9092"));
  }

  TEST_CASE_FIXTURE(
    watched_connection,
    "the observer of an idle producer is notified when the broker goes down and when it returns") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    application app{{.id = "p", .children = {producing(cluster.brokers())}}};
    CHECK_FALSE(told->heard("failed", 3s));
    CHECK(health(app) == "healthy");
    cluster.take_broker_down(1);
    CHECK(told->heard("failed unreachable", 5s));
    CHECK(health(app).find("degraded: brokers: unreachable") == 0);
    cluster.bring_broker_up(1);
    CHECK(told->heard("recovered", 5s));
    CHECK(health(app) == "healthy");
  }

  TEST_CASE_FIXTURE(
    watched_connection,
    "the observer of an idle group is notified when the broker goes down and when it returns") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    application app{{.id = "p", .children = {consuming(cluster.brokers())}}};
    REQUIRE(told->heard("assigned", 20s));
    cluster.take_broker_down(1);
    CHECK(told->heard("failed unreachable", 5s));
    CHECK(health(app).find("brokers: unreachable") != std::string::npos);
    cluster.bring_broker_up(1);
    CHECK(told->heard("recovered", 20s));
  }

  TEST_CASE_FIXTURE(watched_connection,
                    "a broker that hangs while other brokers answer is reported until it answers") {
    for (const int victim : {1, 3}) {
      CAPTURE(victim);
      hanging_brokers cluster{3};
      told = std::make_shared<listener>();
      application app{{.id = "p", .children = {consuming(cluster.brokers())}}};
      REQUIRE(told->heard("assigned", 20s));
      // Idle partitions and idle brokers are not reported as failures.
      CHECK_FALSE(told->heard("failed", 6s));
      cluster.hang(victim);
      CHECK(told->heard("failed unreachable: no answer from broker " + std::to_string(victim)
                          + " (127.0.0.1:",
                        6s));
      CHECK(health(app).starts_with("degraded: brokers: "));
      CHECK_FALSE(told->heard("recovered", 3s));
      CHECK(health(app).starts_with("degraded: brokers: "));
      cluster.restart(victim);
      CHECK(told->heard("recovered", 30s));
    }
  }

  TEST_CASE_FIXTURE(
    watched_connection,
    "the hang of an idle producer's only broker is reported until the broker answers") {
    hanging_brokers cluster{1};
    application app{{.id = "p", .children = {producing(cluster.brokers())}}};
    // The producer is connected before the broker hangs.
    REQUIRE(produces(app, 20s));
    CHECK_FALSE(told->heard("failed", 3s));
    check_hang_is_reported(cluster, app);
    CHECK(health(app) == "healthy");
    CHECK(produces(app, 20s));
  }

  TEST_CASE_FIXTURE(
    watched_connection,
    "the hang of a busy producer's only broker is reported until the broker answers") {
    hanging_brokers cluster{1};
    application app{{.id = "p", .children = {producing(cluster.brokers())}}};
    busy_sender records{app};
    REQUIRE(records.stores(10, 20s));
    CHECK_FALSE(told->heard("failed", 0s));
    check_hang_is_reported(cluster, app);
    CHECK(records.stores(10, 30s));
    CHECK(health(app) == "healthy");
  }

  TEST_CASE_FIXTURE(watched_connection,
                    "the hang of a group's only broker is reported until the broker answers") {
    hanging_brokers cluster{1};
    application app{{.id = "p", .children = {consuming(cluster.brokers())}}};
    REQUIRE(told->heard("assigned", 20s));
    CHECK_FALSE(told->heard("failed", 3s));
    cluster.hang(1);
    CHECK(told->heard("failed unreachable", 5s));
    const auto at_once = health(app);
    CHECK_MESSAGE(at_once.find("brokers: unreachable") != std::string::npos, at_once);
    CHECK_FALSE(told->heard("recovered", 3s));
    // A request of librdkafka may have timed out by now, and health names the newer reason.
    const auto later = health(app);
    CHECK_MESSAGE(later.find("brokers: ") != std::string::npos, later);
    cluster.restart(1);
    CHECK(told->heard("recovered", 30s));
  }
}
