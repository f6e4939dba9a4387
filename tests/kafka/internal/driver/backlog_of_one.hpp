#pragma once

#include <ottla/kafka/embedded_cluster.hpp>
#include <ottla/kafka/internal/driver/librdkafka/fetch_pool.hpp>
#include <ottla/kafka/internal/driver/librdkafka/partition_list.hpp>

#include "kafka/internal/driver/pause_log.hpp"
#include "kafka/internal/driver/raw_sender.hpp"
#include "kafka/internal/driver/raw_topic.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace ottla::kafka::test {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

inline constexpr int brokers = 2; // the first broker leads the even partitions
inline constexpr std::int32_t quiet = 8;
inline constexpr std::int32_t full = 0;
inline constexpr std::int64_t backlog = 30'000;
inline constexpr auto limit = 20s;

/// Longer than any test waits.
inline constexpr auto for_ever = 1h;

struct shape {
  std::int32_t partitions = 48;
  std::string fetch_wait = "100";
  std::string fetch_least = "1";
  /// Far less than the backlog, so that even a slow thread of the pool sees the backlog in parts.
  std::string queue_kib = "128";
  fetch_memory memory = {};
  std::chrono::milliseconds pause_time{100};
  int old_messages = 0;   ///< messages in `quiet` before the start
  std::int64_t begin = 0; ///< the consumer's first offset in `full`
};

inline owned_handle open_consumer(const std::string& brokers, const shape& how) {
  return open_raw(RD_KAFKA_CONSUMER, {{"bootstrap.servers", brokers},
                                      {"group.id", "g"},
                                      {"enable.auto.commit", "false"},
                                      {"enable.partition.eof", "true"},
                                      {"fetch.wait.max.ms", how.fetch_wait},
                                      {"fetch.min.bytes", how.fetch_least},
                                      {"queued.max.messages.kbytes", how.queue_kib},
                                      {"fetch.message.max.bytes", "65536"}});
}

/// One partition has a backlog of 150 batches. The other partitions are empty.
class backlog_of_one {
public:
  explicit backlog_of_one(const shape& how = {})
    : partitions{how.partitions},
      cluster_{{.brokers = brokers, .topics = {{"t", how.partitions}}}},
      producer_{cluster_.brokers(), "t"},
      native_{open_consumer(cluster_.brokers(), how)} {
    for (std::int32_t each = 0; each < partitions; ++each)
      cluster_.move_leader("t", each, each % brokers + 1);
    rd_kafka_poll_set_consumer(native_.get());
    for (std::int64_t number = 0; number < backlog; ++number)
      produce(full, fmt::format("{:0100}", number));
    for (int number = 0; number < how.old_messages; ++number)
      produce(quiet, "old");
    flush();
    pool_.emplace(native_.get(), fetches, how.memory, log.calls(how.pause_time));
    std::vector<position> begin;
    for (std::int32_t each = 0; each < partitions; ++each) {
      begin.push_back({{"t", each}, each == full ? how.begin : 0});
      queues_.push_back(owned_queue{rd_kafka_queue_get_partition(native_.get(), "t", each)});
      open(each);
    }
    REQUIRE(rd_kafka_assign(native_.get(), make_partition_list(begin).get())
            == RD_KAFKA_RESP_ERR_NO_ERROR);
  }

  ~backlog_of_one() {
    log.at_pause.open();
    log.at_resume.open();
    for (auto& [partition, each] : inboxes)
      pool_->close(*each);
    rd_kafka_assign(native_.get(), nullptr);
    queues_.clear();
    pool_.reset();
  }

  void open(std::int32_t partition) {
    inboxes[partition]
      = pool_->open({"t", partition}, queues_.at(static_cast<std::size_t>(partition)).get(), false);
  }

  void close(std::int32_t partition) { pool_->close(*inboxes.at(partition)); }

  void seek(std::int32_t partition, std::int64_t offset) {
    pool_->restart(*inboxes.at(partition), [&] {
      if (auto* failure = rd_kafka_seek_partitions(
            native_.get(), make_partition_list({"t", partition}, offset).get(), 0))
        rd_kafka_error_destroy(failure);
    });
  }

  void produce(std::int32_t partition, const std::string& value) {
    producer_.send(partition, value);
  }
  void flush() { producer_.flush(); }

  /// Takes all messages that have arrived, from all partitions.
  void take() {
    std::array<rd_kafka_message_t*, 100> some{};
    for (const auto& [partition, inbox] : inboxes)
      for (std::size_t taken = some.size(); taken == some.size();) {
        taken = inbox->take(some).count;
        for (std::size_t index = 0; index < taken; ++index) {
          const auto* each = some[index];
          if (each->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            got[partition].push_back(each->offset);
          else if (each->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
            ends[partition].push_back(each->offset);
          rd_kafka_message_destroy(some[index]);
        }
      }
  }

  bool take_until(const std::function<bool()>& done) {
    for (const auto until = steady::now() + limit; steady::now() < until;) {
      take();
      if (done())
        return true;
      std::this_thread::yield();
    }
    return false;
  }

  bool some_are_paused() {
    return take_until([this] { return !log.paused().empty(); });
  }

  /// Waits until all quiet partitions of the first broker are paused. Needs long pauses.
  bool all_are_paused() {
    return take_until([this] { return std::ssize(log.paused()) == partitions / brokers - 1; });
  }

  bool backlog_is_taken() {
    return take_until([this] { return std::ssize(got[full]) >= backlog; });
  }

  static std::vector<std::int64_t> up_to(std::int64_t end) {
    std::vector<std::int64_t> all(static_cast<std::size_t>(end));
    for (std::int64_t each = 0; each < end; ++each)
      all[static_cast<std::size_t>(each)] = each;
    return all;
  }

  /// Seeks without notifying the pool.
  void make_librdkafka_go_back(std::int32_t partition, std::int64_t offset) {
    if (auto* failure = rd_kafka_seek_partitions(
          native_.get(), make_partition_list({"t", partition}, offset).get(), 5'000))
      rd_kafka_error_destroy(failure);
  }

  /// Pauses partitions as librdkafka does at the start of a rebalance.
  void make_librdkafka_pause_quiet_partitions() {
    std::vector<topic_partition> all;
    for (std::int32_t each = 1; each < partitions; ++each)
      all.push_back({"t", each});
    rd_kafka_pause_partitions(native_.get(), make_partition_list(all).get());
  }

  fetch_pool& pool() { return *pool_; }
  embedded_cluster& cluster() { return cluster_; }

  std::map<std::int32_t, fetch_pool::inbox_ptr> inboxes;
  std::map<std::int32_t, std::vector<std::int64_t>> got;
  std::map<std::int32_t, std::vector<std::int64_t>> ends;
  const std::int32_t partitions;
  pause_log log;
  fetch_watch fetches;

private:
  embedded_cluster cluster_;
  raw_sender producer_;
  owned_handle native_;
  std::vector<owned_queue> queues_;
  std::optional<fetch_pool> pool_;
};

struct patient_requests : backlog_of_one {
  patient_requests() : backlog_of_one{{.fetch_wait = "1001"}} {}
};

struct full_requests : backlog_of_one {
  full_requests() : backlog_of_one{{.fetch_least = "2"}} {}
};

struct few_partitions : backlog_of_one {
  few_partitions() : backlog_of_one{{.partitions = 16 * brokers}} {}
};

struct short_pauses : backlog_of_one {
  short_pauses() : backlog_of_one{{.pause_time = 1ms}} {}
};

struct long_pauses : backlog_of_one {
  long_pauses() : backlog_of_one{{.pause_time = for_ever}} {}
};

struct ten_old_messages : backlog_of_one {
  ten_old_messages() : backlog_of_one{{.pause_time = for_ever, .old_messages = 10}} {}
};

struct handled_backlog : backlog_of_one {
  handled_backlog() : backlog_of_one{{.pause_time = for_ever, .begin = backlog}} {}
};

struct little_memory : backlog_of_one {
  little_memory()
    : backlog_of_one{
      {.queue_kib = "64",
       .memory = {.queue_bytes = 64 * 1024, .part_bytes = 64 * 1024, .shared_bytes = 512 * 1024},
       .pause_time = for_ever}} {}
};

} // namespace ottla::kafka::test
