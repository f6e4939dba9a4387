// A backlog in one of 64 partitions while the paused other partitions get messages. The tests count
// the messages of each partition, and measure whether the backlog waits for the other partitions.

#include <ottla/kafka/internal/driver/consumer_handle_settings.hpp>

#include "broker/broker.hpp"
#include "kafka/internal/driver/raw_producer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

constexpr std::int32_t partitions = 64;
constexpr std::size_t in_a_batch = 1'000;

/// A member that owns all partitions, and the offsets that it took from each partition.
class reader {
public:
  explicit reader(const std::string& topic, const consumer_handle_settings& how = settings())
    : topic_{topic}, who_{kafka_->open_consumer(how)} {
    who_->subscribe(std::vector{topic});
    const auto offer = who_.expect<assigned>();
    in_order_ = offer.partitions;
    queues_ = who_->assign(offer.answer, all_at(in_order_, 0));
    got_.resize(partitions);
  }

  ~reader() {
    queues_.clear();
    leave(who_);
  }

  /// Takes from all partitions until each partition has delivered the expected number of messages.
  bool take_until(const std::vector<std::size_t>& expected,
                  std::chrono::milliseconds within = 60s) {
    return take_while(within, [&] {
      return !std::ranges::equal(got_, expected, {}, [](const auto& each) { return each.size(); });
    });
  }

  /// Takes from all partitions until partition 0 has delivered its first messages.
  bool take_first() {
    return take_while(60s, [&] { return got_.front().empty(); });
  }

  std::size_t out_of_order() const {
    std::size_t wrong = 0;
    for (const auto& each : got_)
      for (std::size_t index = 0; index < each.size(); ++index)
        wrong += each[index] == static_cast<std::int64_t>(index) ? 0 : 1;
    return wrong;
  }

  static consumer_handle_settings settings() {
    auto how = quick(fresh_name("reader"));
    how.fetch_wait = 500ms;
    return how;
  }

private:
  bool take_while(std::chrono::milliseconds within, const std::function<bool()>& lacks) {
    for (const auto until = steady::now() + within; steady::now() < until;) {
      for (std::size_t index = 0; index < queues_.size(); ++index)
        for (const auto& each : queues_[index]->take(in_a_batch).messages)
          of(in_order_[index].partition).push_back(each.offset());
      if (!lacks())
        return true;
      std::this_thread::yield();
    }
    return false;
  }

  std::vector<std::int64_t>& of(std::int32_t partition) {
    return got_.at(static_cast<std::size_t>(partition));
  }

  std::string topic_;
  std::shared_ptr<driver> kafka_ = make_librdkafka_driver({.brokers = brokers()});
  member who_;
  std::vector<topic_partition> in_order_;
  queues queues_;
  std::vector<std::vector<std::int64_t>> got_;
};

void fill(const std::string& topic, std::size_t batches) {
  const auto kafka = make_librdkafka_driver({.brokers = brokers()});
  for (std::size_t batch = 0; batch < batches; ++batch) {
    std::vector<record> some(in_a_batch);
    for (auto& each : some)
      each.value = std::string(1'000, 'v');
    store(*kafka, topic, some, 0);
  }
}

} // namespace

TEST_SUITE("paused partitions on Apache Kafka" * doctest::timeout(200)) {
  TEST_CASE("each message of 64 partitions is delivered once and in order while one partition has "
            "a backlog") {
    constexpr std::size_t batches = 100;
    constexpr std::size_t rounds = 20;
    const auto topic = fresh_topic("pauses", partitions);
    fill(topic, batches);
    reader all{topic};
    std::jthread news{[&] {
      const auto kafka = make_librdkafka_driver({.brokers = brokers()});
      for (std::size_t round = 0; round < rounds; ++round)
        for (std::int32_t partition = 1; partition < partitions; ++partition)
          store(*kafka, topic, numbered(1), partition);
    }};
    std::vector<std::size_t> expected(partitions, rounds);
    expected.front() = batches * in_a_batch;
    CHECK(all.take_until(expected));
    CHECK(all.out_of_order() == 0);
  }

  // A fetch request without the partition that has the backlog is answered only after fetch_wait.
  // One such request breaks the deadline.
  TEST_CASE("a backlog in one of 64 partitions does not wait for the idle partitions") {
    constexpr std::size_t batches = 20;
    const auto topic = fresh_topic("pauses-none", partitions);
    fill(topic, batches);
    std::vector<std::size_t> expected(partitions, 0);
    expected.front() = batches * in_a_batch;
    // Timing decides which partitions a request names. One round may not show the fault.
    for (int round = 0; round < 3; ++round) {
      CAPTURE(round);
      auto how = reader::settings();
      how.fetch_wait = 5s;
      // The memory of a group's member with default settings.
      how.memory = memory_budget{}.fetching(partitions);
      reader all{topic, how};
      REQUIRE(all.take_first());
      CHECK(all.take_until(expected, 4s));
      CHECK(all.out_of_order() == 0);
    }
  }

  // The high watermark counts messages that a reader of committed messages does not get.
  TEST_CASE("an open transaction after a backlog does not delay other partitions") {
    constexpr std::size_t batches = 30;
    const auto topic = fresh_topic("pauses-open", partitions);
    fill(topic, batches);
    raw_producer open{brokers(), fresh_name("open")};
    open.begin();
    for (std::size_t index = 0; index < 20'000; ++index)
      open.send(topic, std::string(100, 'o'));
    open.flush();
    reader all{topic};
    const auto kafka = make_librdkafka_driver({.brokers = brokers()});
    for (std::int32_t partition = 1; partition < partitions; ++partition)
      store(*kafka, topic, numbered(1), partition);
    std::vector<std::size_t> expected(partitions, 1);
    expected.front() = batches * in_a_batch;
    CHECK(all.take_until(expected));
    open.abort();
  }
}
