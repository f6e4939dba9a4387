#pragma once

#include <ottla/actors/start.hpp>
#include <ottla/kafka/begin_offset.hpp>
#include <ottla/kafka/client_settings.hpp>
#include <ottla/kafka/consumer/handler_process.hpp>
#include <ottla/kafka/consumer/message_handler.hpp>
#include <ottla/supervision/backoff.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace ottla::kafka {

/// One member of a consumer group: a worker for each partition it is assigned, each with a handler
/// of its own.
struct group_consumer {
  /// Kafka: group.id.
  std::string group;
  std::vector<std::string> topics;
  /// Objects: `handler<My_handler>(args…)`, of batches or of records. Processes: `handled_by(…)`.
  group_handler handler;

  /// For partitions the group has no committed offset of.
  begin_offset begin = earliest{};
  /// For partitions whose wanted offset is not in the log any more, or never was.
  begin_offset when_missing = earliest{};
  /// Most messages in one batch. Less than 100 costs throughput.
  std::size_t batch_size = 1'000;
  /// Most messages of a partition that may be delivered and not acknowledged; then taking stops.
  std::size_t max_unacknowledged = 100'000;
  /// How often what was acknowledged is committed. Kafka: auto.commit.interval.ms, there 5 s.
  std::chrono::milliseconds commit_interval{1'000};
  /// Longest that workers may take to finish when their partitions are wanted back, or the group
  /// stops; then their leases end.
  std::chrono::milliseconds drain_within{5'000};
  /// Where handlers run; detached for those that block.
  execution running = execution::scheduled;
  /// How soon a failed worker is replaced.
  backoff_settings worker_restarts = {};

  /// Kafka: session.timeout.ms. Keep it at least three heartbeat intervals.
  std::chrono::milliseconds session_timeout{45'000};
  /// Kafka: heartbeat.interval.ms.
  std::chrono::milliseconds heartbeat_interval{3'000};
  /// Kafka: max.poll.interval.ms. How long the coordinator may be stuck, not a handler.
  std::chrono::milliseconds max_poll_interval{300'000};
  /// Kafka: partition.assignment.strategy.
  assignor strategy = assignor::range;
  /// Kafka: fetch.max.wait.ms.
  std::chrono::milliseconds fetch_wait{500};
  /// Most that one partition prefetches. librdkafka: queued.max.messages.kbytes.
  std::size_t prefetch_bytes = 16 * 1024 * 1024;
  /// Other keys of librdkafka's, applied last; those the runtime depends on are refused.
  std::map<std::string, std::string> extra = {};
};

/// All that is wrong with the settings, one line each; empty when nothing is.
std::vector<std::string> validate(const group_consumer& settings);

} // namespace ottla::kafka
