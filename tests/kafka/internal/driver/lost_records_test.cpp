// How a member notices that a log lost records. The embedded cluster never loses records. So these
// tests pretend that the group stopped after a record that an earlier leader wrote and then lost.

#include <ottla/kafka/capabilities.hpp>
#include <ottla/kafka/internal/driver/librdkafka/configuration.hpp>
#include <ottla/kafka/internal/driver/librdkafka/fetched_batch.hpp>
#include <ottla/kafka/internal/driver/librdkafka/group_member.hpp>
#include <ottla/kafka/internal/driver/librdkafka/leader_epochs.hpp>

#include "event_pump.hpp"

#include <memory>
#include <string>
#include <utility>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

const topic_partition zero{"t", 0};

/// One leader wrote the offsets 0 to 9, the next leader 10 to 19.
struct two_leaders {
  embedded_cluster cluster{{.brokers = 2, .topics = {{"t", 1}}}};
  std::shared_ptr<leader_epochs> epochs = std::make_shared<leader_epochs>();

  two_leaders() {
    const auto kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
    cluster.move_leader("t", 0, 1);
    store(*kafka, "t", numbered(10));
    cluster.move_leader("t", 0, 2);
    store(*kafka, "t", numbered(10, 10));
  }

  std::variant<std::unique_ptr<consumer_handle>, error> open(std::string group) {
    const auto settings = quick(std::move(group));
    const cluster_settings common{.brokers = cluster.brokers()};
    auto conf = configure_consumer(common, settings);
    auto threads = std::make_unique<interceptors>(destroy_messages);
    intercept(conf.get(), *threads);
    return std::make_unique<ottla::kafka::group_member>(
      std::get<rd_kafka_t*>(conf.open(RD_KAFKA_CONSUMER)), std::move(threads), settings.memory,
      std::make_unique<offset_lookup>(common, settings, epochs));
  }

  /// Reads the whole log, so that all epochs are known.
  void read_all() {
    member who{open("all")};
    auto from = join(who, "t");
    CHECK(read(*from.at(0), 20).size() == 20);
    from.clear();
    leave(who);
  }
};

std::unique_ptr<partition_queue> begin_at(member& who, std::int64_t offset) {
  who->subscribe(std::vector<std::string>{"t"});
  const auto offer = who.expect<assigned>();
  return std::move(who->assign(offer.answer, all_at(offer.partitions, offset)).at(0));
}

std::optional<error> failure_of(partition_queue& from) {
  wake_counter wakes;
  from.wake_on_message(wakes.hand_out());
  auto got = from.take(100);
  for (const auto until = steady::now() + 15s; !got.failed && wakes.wait(until);)
    got = from.take(100);
  from.wake_on_message({});
  return got.failed;
}

} // namespace

TEST_SUITE("lost records" * doctest::timeout(120)) {
  TEST_CASE_FIXTURE(two_leaders, "a commit with the epoch of an earlier leader is stored") {
    member who{open("g")};
    auto from = join(who, "t");
    CHECK(read(*from.at(0), 5, 15s, 5).size() == 5);
    who->commit(std::vector<position>{{zero, 5}});
    const auto answer = who.expect<committed>();
    CHECK_FALSE(answer.failed.has_value());
    CHECK_FALSE(answer.positions.at(0).failed.has_value());
    from.clear();
    leave(who);
  }

  TEST_CASE_FIXTURE(two_leaders,
                    "a member that begins after a lost record gets offset_out_of_range") {
    read_all();
    const auto first = epochs->before(zero, 10);
    const auto second = epochs->before(zero, 20);
    if (!capabilities().finds_lost_records) {
      CHECK(second == leader_epochs::unknown);
      return;
    }
    REQUIRE(first < second);
    const auto claim = [&](std::int64_t next) {
      epochs->forget(zero);
      epochs->note(zero, next - 1, first);
      epochs->note(zero, 20, second);
    };

    claim(15);
    member cheated{open("cheated")};
    auto queue = begin_at(cheated, 15);
    const auto why = failure_of(*queue);
    REQUIRE(why.has_value());
    CHECK(why->code == errc::offset_out_of_range);
    CHECK(epochs->is_lost(zero, 15, first));
    queue.reset();
    leave(cheated);

    claim(9);
    member honest{open("honest")};
    queue = begin_at(honest, 9);
    CHECK(read(*queue, 11).front() == "9");
    CHECK_FALSE(epochs->is_lost(zero, 9, first));
    queue.reset();
    leave(honest);
  }
}
