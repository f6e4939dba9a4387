#include <ottla/actors/background_work.hpp>
#include <ottla/kafka/embedded_cluster.hpp>
#include <ottla/kafka/internal/driver/librdkafka/group_member.hpp>
#include <ottla/kafka/internal/driver/librdkafka/handle.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>

#include <doctest/doctest.h>
#include <librdkafka/rdkafka.h>

#include <array>
#include <chrono>
#include <future>
#include <initializer_list>
#include <memory>
#include <string>
#include <thread>
#include <utility>

using namespace ottla;
using namespace ottla::kafka;
using namespace std::chrono_literals;

namespace {

using steady = std::chrono::steady_clock;

/// A consumer in a group of an embedded cluster, without ottla's interceptors.
struct raw_member {
  explicit raw_member(const std::string& brokers, const std::string& group = "g") {
    std::array<char, 512> text{};
    auto* conf = rd_kafka_conf_new();
    const std::initializer_list<std::pair<const char*, std::string>> settings{
      {"bootstrap.servers", brokers},
      {"group.id", group},
      {"session.timeout.ms", "6000"},
      {"heartbeat.interval.ms", "300"},
    };
    for (const auto& [key, value] : settings)
      REQUIRE(rd_kafka_conf_set(conf, key, value.c_str(), text.data(), text.size())
              == RD_KAFKA_CONF_OK);
    rd_kafka_conf_set_events(conf, RD_KAFKA_EVENT_REBALANCE);
    native = rd_kafka_new(RD_KAFKA_CONSUMER, conf, text.data(), text.size());
    REQUIRE(native != nullptr);
    events = owned_queue{rd_kafka_queue_get_consumer(native)};
  }

  void subscribe(const char* topic) const {
    auto* topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, topic, RD_KAFKA_PARTITION_UA);
    rd_kafka_subscribe(native, topics);
    rd_kafka_topic_partition_list_destroy(topics);
  }

  /// Waits for an assignment and accepts it.
  bool is_assigned(std::chrono::seconds within) const {
    for (const auto until = steady::now() + within; steady::now() < until;) {
      const owned_event event{rd_kafka_queue_poll(events.get(), 100)};
      if (!event || rd_kafka_event_type(event.get()) != RD_KAFKA_EVENT_REBALANCE)
        continue;
      rd_kafka_assign(native, rd_kafka_event_topic_partition_list(event.get()));
      return true;
    }
    return false;
  }

  bool has_event(std::chrono::seconds within) const {
    const auto until = steady::now() + within;
    while (rd_kafka_queue_length(events.get()) == 0)
      if (steady::now() >= until)
        return false;
      else
        std::this_thread::yield();
    return true;
  }

  rd_kafka_t* native = nullptr;
  owned_queue events = nullptr;
};

/// Whether depart() returns for a member that has begun to close its handle, when the program has
/// no more time to leave the group.
bool departs(raw_member&& who) {
  auto rest = std::make_shared<departing_member>(
    departing_member{.of = std::make_shared<handle>(who.native, std::move(who.events), nullptr),
                     .events = nullptr,
                     .resolver = nullptr,
                     .unanswered = std::nullopt,
                     .closing = true});
  auto work = std::make_shared<background_work>("a test's consumer");
  cut_background_work_short();
  REQUIRE(work->is_cut_short());
  auto done = std::make_shared<std::promise<void>>();
  // A failed test leaves the thread behind, since rd_kafka_destroy never returns then.
  std::thread{[rest, work, done] {
    depart(std::move(*rest), *work);
    done->set_value();
  }}.detach();
  return done->get_future().wait_for(15s) == std::future_status::ready;
}

} // namespace

TEST_SUITE("departure") {
  TEST_CASE("the handle of a member whose leave ends without an answer to its last revocation is "
            "destroyed") {
    embedded_cluster cluster{{.topics = {{"t", 4}}}};
    raw_member who{cluster.brokers()};
    who.subscribe("t");
    REQUIRE(who.is_assigned(30s));
    REQUIRE(rd_kafka_consumer_close_queue(who.native, who.events.get()) == nullptr);
    REQUIRE(who.has_event(30s));
    CHECK(departs(std::move(who)));
  }

  TEST_CASE("the handle of a member whose leave ends before its last revocation is destroyed") {
    embedded_cluster cluster{{.topics = {{"t", 4}}}};
    for (int round = 0; round < 3; ++round) {
      raw_member who{cluster.brokers(), "g" + std::to_string(round)};
      who.subscribe("t");
      REQUIRE(who.is_assigned(30s));
      REQUIRE(rd_kafka_consumer_close_queue(who.native, who.events.get()) == nullptr);
      REQUIRE(departs(std::move(who)));
    }
  }

  TEST_CASE("a member that is cut short while its broker does not answer the leave ends at once") {
    embedded_cluster cluster{{.topics = {{"t", 4}}}};
    raw_member who{cluster.brokers()};
    who.subscribe("t");
    REQUIRE(who.is_assigned(30s));
    cluster.take_broker_down(1);
    REQUIRE(rd_kafka_consumer_close_queue(who.native, who.events.get()) == nullptr);
    CHECK(departs(std::move(who)));
  }
}
