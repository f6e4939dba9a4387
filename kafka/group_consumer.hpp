#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/actors/start.hpp>
#include <ottla/kafka/begin_offset.hpp>
#include <ottla/kafka/client_settings.hpp>
#include <ottla/kafka/consumer/handler_process.hpp>
#include <ottla/kafka/consumer/message_handler.hpp>
#include <ottla/kafka/consumer/record_handler.hpp>
#include <ottla/supervision/backoff.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ottla::kafka {

/// What a program's hook is told of.
struct assigned_partition {
  std::string group = {};
  topic_partition where = {};
  /// Of the group, as the broker counts.
  std::int32_t generation = -1;
  /// The first offset that will be delivered.
  std::int64_t begins_at = 0;
};

/// Which partitions share a worker, and so a handler. (Kaffe's worker_allocation_strategy.)
enum class worker_allocation : std::uint8_t {
  /// One for each partition of each topic.
  per_topic_partition,
  /// One for the partitions of the same number of all topics, so that messages with one key are
  /// handled one after the other, whichever topic they came by.
  per_partition,
};

/// One member of a consumer group: a worker for each partition it is assigned, each with a handler
/// of its own.
struct group_consumer {
  /// Kafka: group.id.
  std::string group = {};
  std::vector<std::string> topics = {};
  /// Objects: `handler<My_handler>(args…)`, of batches or of records. Processes: `handled_by(…)`.
  group_handler handler = {};

  /// For partitions the group has no committed offset of.
  begin_offset begin = earliest{};
  /// For partitions whose wanted offset is not in the log any more, or never was: below the first
  /// offset of the log, or beyond its high watermark. Behind an open transaction an offset is in
  /// the log, and is waited at.
  begin_offset when_missing = earliest{};
  worker_allocation allocation = worker_allocation::per_topic_partition;
  /// Called once for each partition that the group is assigned, before its worker starts. A reason
  /// refuses it: the group manager ends with that reason, and asks again when it is restarted,
  /// until its supervisor gives up. Runs in the group manager: what takes long holds up its other
  /// work. (Elsa's assignment_received_handler.)
  std::function<std::optional<std::string>(const assigned_partition&)> assignment_received = {};
  /// Called with partitions that were given up, once for each of which assignment_received was
  /// called: drained ones when their workers have ended, lost ones at once. Not called where the
  /// program is killed. What it throws is told to the observer. (Elsa's
  /// assignments_revoked_handler, told which.)
  std::function<void(std::span<const topic_partition>)> assignments_revoked = {};

  /// Most messages in one batch. Less than 100 costs throughput.
  std::size_t batch_size = 1'000;
  /// Most messages of a partition that may be delivered and not acknowledged; then taking stops.
  std::size_t max_unacknowledged = 100'000;
  /// How often what was acknowledged is committed. Kafka: auto.commit.interval.ms, there 5 s.
  saturating<std::chrono::milliseconds> commit_interval{1'000};
  /// Longest that workers may take to finish when their partitions are wanted back, or the group
  /// stops; then their leases end. A record_handler finishes the message in hand, a message_handler
  /// its batch, unless it asks batch::drain_requested(). Below max_poll_interval: so long do
  /// brokers wait for a member that has to join again.
  saturating<std::chrono::milliseconds> drain_within{5'000};
  /// Where handlers run; detached for those that block.
  execution running = execution::scheduled;
  /// How soon a failed worker is replaced. Failures in a row are counted until the partition that
  /// the worker failed at is acknowledged further, however long that takes; then health is clear
  /// again, too. A replacement that has nothing to handle acknowledges nothing: healthy after
  /// `healthy_after` without a message in hand.
  backoff_settings worker_restarts = {};
  /// Longest time for a handler's start(), one batch, or one message of a record_handler. A handler
  /// process's answer to any batch restarts the time of those that wait. Then the lease ends, see
  /// assignment::epoch, and a replacement starts. The old handler cannot be stopped, so both may
  /// have the same messages in hand for a while. Zero, or more than a hundred years: no limit.
  saturating<std::chrono::milliseconds> handle_within{300'000};
  /// How long workers wait after an assignment, so that one that is taken back soon starts nothing.
  /// (Kaffe's rebalance_delay.)
  saturating<std::chrono::milliseconds> rebalance_delay{0};

  /// Kafka: session.timeout.ms. Keep it at least three heartbeat intervals.
  saturating<std::chrono::milliseconds> session_timeout{45'000};
  /// Kafka: heartbeat.interval.ms.
  saturating<std::chrono::milliseconds> heartbeat_interval{3'000};
  /// Kafka: max.poll.interval.ms. How long the coordinator may be stuck, not a handler.
  saturating<std::chrono::milliseconds> max_poll_interval{300'000};
  /// Kafka: partition.assignment.strategy.
  assignor strategy = assignor::range;
  /// Static membership: a member of this name that comes back within session_timeout gets its
  /// partitions again without a rebalance. Empty: none. Kafka: group.instance.id.
  std::string instance = {};
  /// Kafka: fetch.max.wait.ms.
  saturating<std::chrono::milliseconds> fetch_wait{500};
  /// What all partitions together may keep: two fifths of it fetched and not taken, up to half
  /// delivered and not acknowledged. Default: 256 MiB, or 8 MiB for each partition that the member
  /// is assigned, if that is more, up to 2 GiB. Partitions with a backlog borrow what quiet
  /// partitions do not fetch. Each partition has an equal share of the second half, and one batch
  /// always. Of messages below 256 bytes more is fetched, since the limits of librdkafka do not
  /// count what librdkafka keeps beside each message. The windows of delivered messages shrink for
  /// that, to a sixteenth at most. librdkafka: queued.max.messages.kbytes, fetch.message.max.bytes
  /// and fetch.max.bytes follow from this.
  std::optional<std::size_t> memory_bytes = {};
  /// Other keys of librdkafka's, applied last; those the runtime depends on are refused.
  std::map<std::string, std::string> extra = {};
};

/// All that is wrong with the settings, one line each; empty when nothing is.
std::vector<std::string> validate(const group_consumer& settings);

} // namespace ottla::kafka
