// How much a pool fetches while no messages are taken and the number of partitions changes. See
// memory_budget.

#include <ottla/kafka/embedded_cluster.hpp>
#include <ottla/kafka/internal/driver/librdkafka/fetch_pool.hpp>
#include <ottla/kafka/internal/driver/librdkafka/partition_list.hpp>
#include <ottla/kafka/internal/memory_budget.hpp>

#include "kafka/internal/driver/raw_topic.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace ottla::kafka;
using namespace ottla::kafka::test;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

namespace {

constexpr std::size_t kib = 1024;
constexpr std::int32_t partitions = 40;
constexpr std::int64_t backlog = 1'000; // messages of about 1 KiB each
constexpr auto limit = 10s;
/// Longer than a librdkafka thread sleeps while its queue is full.
constexpr auto a_while = 1500ms;

/// A small budget for a few partitions, and a large budget for all partitions.
constexpr memory_budget growing{.least = 1'024 * kib, .each = 512 * kib, .most = 65'536 * kib};

/// Partition 0 has the backlog, and is open. The others are empty.
class one_backlog {
public:
  explicit one_backlog(const memory_budget& budget)
    : memory_{budget.fetching(partitions)},
      cluster_{{.topics = {{"t", partitions}}}},
      producer_{open_raw(RD_KAFKA_PRODUCER, {{"bootstrap.servers", cluster_.brokers()},
                                             {"batch.num.messages", "20"},
                                             {"linger.ms", "5"}})},
      native_{open_raw(RD_KAFKA_CONSUMER,
                       {{"bootstrap.servers", cluster_.brokers()},
                        {"group.id", "g"},
                        {"enable.auto.commit", "false"},
                        {"fetch.wait.max.ms", "10"},
                        {"queued.max.messages.kbytes", std::to_string(memory_.queue_bytes / kib)},
                        {"fetch.message.max.bytes", std::to_string(memory_.part_bytes)}})} {
    rd_kafka_poll_set_consumer(native_.get());
    produce_backlog();
    pool_.emplace(native_.get(), fetches_, memory_);
    open(0);
    assign({position{{"t", 0}, 0}});
  }

  ~one_backlog() {
    for (const auto& each : inboxes_)
      pool_->close(*each);
    rd_kafka_assign(native_.get(), nullptr);
    queues_.clear();
    pool_.reset();
  }

  void open_others() {
    std::vector<position> from;
    for (std::int32_t each = 1; each < partitions; ++each) {
      open(each);
      from.push_back({{"t", each}, 0});
    }
    assign(from);
  }

  void close_others() {
    std::vector<topic_partition> closed;
    for (std::int32_t each = 1; each < partitions; ++each) {
      pool_->close(*inboxes_.at(static_cast<std::size_t>(each)));
      closed.push_back({"t", each});
    }
    expect_none(rd_kafka_incremental_unassign(native_.get(), make_partition_list(closed).get()));
  }

  void produce_backlog() {
    const std::string value(kib, 'v');
    for (std::int64_t number = 0; number < backlog; ++number)
      REQUIRE(rd_kafka_producev(producer_.get(), RD_KAFKA_V_TOPIC("t"), RD_KAFKA_V_PARTITION(0),
                                RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                                RD_KAFKA_V_VALUE(const_cast<char*>(value.data()), value.size()),
                                RD_KAFKA_V_END)
              == RD_KAFKA_RESP_ERR_NO_ERROR);
    REQUIRE(rd_kafka_flush(producer_.get(), 20'000) == RD_KAFKA_RESP_ERR_NO_ERROR);
  }

  /// Takes all messages of partition 0 from the pool, and returns their number.
  std::int64_t take_all() {
    std::array<rd_kafka_message_t*, 100> some{};
    std::int64_t count = 0;
    for (std::size_t taken = some.size(); taken == some.size();) {
      taken = inboxes_.at(0)->take(some).count;
      for (std::size_t index = 0; index < taken; ++index)
        rd_kafka_message_destroy(some[index]);
      count += static_cast<std::int64_t>(taken);
    }
    return count;
  }

  /// Waits until `all` messages of partition 0 have reached the pool, or until no more arrive for a
  /// while. Returns how many messages have arrived.
  std::int64_t fetched(std::int64_t all) {
    auto last = position_now();
    auto since = steady::now();
    const auto until = since + limit;
    while (last < all && steady::now() < until && (last == 0 || steady::now() - since < a_while)) {
      std::this_thread::yield();
      if (const auto now = position_now(); now != last) {
        last = now;
        since = steady::now();
      }
    }
    return last;
  }

private:
  void open(std::int32_t partition) {
    queues_.push_back(owned_queue{rd_kafka_queue_get_partition(native_.get(), "t", partition)});
    inboxes_.push_back(pool_->open({"t", partition}, queues_.back().get(), false));
  }

  void assign(const std::vector<position>& from) {
    expect_none(rd_kafka_incremental_assign(native_.get(), make_partition_list(from).get()));
  }

  static void expect_none(rd_kafka_error_t* failure) {
    const owned<rd_kafka_error_t, rd_kafka_error_destroy> held{failure};
    REQUIRE_MESSAGE(failure == nullptr, std::string{rd_kafka_error_string(failure)});
  }

  std::int64_t position_now() {
    const auto list = make_partition_list({"t", 0}, RD_KAFKA_OFFSET_INVALID);
    rd_kafka_position(native_.get(), list.get());
    return std::max<std::int64_t>(entries(list.get()).front().offset, 0);
  }

  const fetch_memory memory_;
  embedded_cluster cluster_;
  owned_handle producer_;
  owned_handle native_;
  fetch_watch fetches_;
  std::vector<owned_queue> queues_;
  std::optional<fetch_pool> pool_;
  std::vector<fetch_pool::inbox_ptr> inboxes_;
};

struct growing_budget : one_backlog {
  growing_budget() : one_backlog{growing} {}
};

struct fixed_budget : one_backlog {
  fixed_budget() : one_backlog{make_memory_budget(growing.least)} {}
};

} // namespace

TEST_SUITE("fetch_pool" * doctest::timeout(120)) {
  TEST_CASE_FIXTURE(
    growing_budget,
    "the budget grows when partitions are opened, and shrinks when partitions are closed") {
    CHECK(fetched(backlog) < backlog / 2);
    open_others();
    const auto before = take_all();
    CHECK(before < backlog / 2);
    CHECK(fetched(backlog) == backlog);
    CHECK(take_all() == backlog - before);
    close_others();
    produce_backlog();
    CHECK(fetched(2 * backlog) < backlog + backlog / 2);
  }

  TEST_CASE_FIXTURE(fixed_budget, "a fixed budget does not grow when partitions are opened") {
    CHECK(fetched(backlog) < backlog / 2);
    open_others();
    const auto before = take_all();
    CHECK(before < backlog / 2);
    CHECK(fetched(backlog) < before + backlog / 2);
  }
}
