#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/actors/start.hpp>
#include <ottla/kafka/consumer/assignor.hpp>
#include <ottla/kafka/consumer/begin_offset.hpp>
#include <ottla/kafka/consumer/handler.hpp>
#include <ottla/kafka/consumer/handler_process.hpp>
#include <ottla/kafka/extra_settings.hpp>
#include <ottla/supervision/backoff.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ottla::kafka {

/// One partition, as group_consumer::assignment_received gets it.
struct assigned_partition {
  std::string group = {};
  topic_partition where = {};
  /// Generation of the group, as the broker counts.
  std::int32_t generation = -1;
  /// The first offset that will be delivered.
  std::int64_t begins_at = 0;
};

/// Which partitions share a worker, and so a handler. (Kaffe's worker_allocation_strategy.)
enum class worker_allocation : std::uint8_t {
  /// One worker for each partition of each topic.
  per_topic_partition,
  /// One worker for all partitions with the same number, whatever their topic. Messages with one
  /// key are then handled one after the other, also if they are in several topics.
  per_partition,
};

/// One member of a consumer group. `allocation` says which of the assigned partitions share a
/// worker. Each worker has a handler of its own.
struct group_consumer {
  /// Kafka: group.id.
  std::string group = {};
  std::vector<std::string> topics = {};
  /// `handler<My_handler>(args…)`: objects, for batches or records. `handled_by(…)`: processes.
  group_handler handler = {};

  /// Where a partition begins if the group has no committed offset for it.
  begin_offset begin = earliest{};
  /// Where a partition begins if its wanted offset is not in the log: below the first offset of the
  /// log, or beyond the high watermark. With librdkafka 2.3 and newer, also if the log lost the
  /// record before the committed offset, or was created again. An offset behind an open transaction
  /// is in the log, and the partition waits there.
  begin_offset when_missing = earliest{};
  worker_allocation allocation = worker_allocation::per_topic_partition;
  /// Called once for each partition that the member is assigned, before its worker starts. A reason
  /// rejects the partition: the group manager ends with that reason, and calls the hook again after
  /// a restart, until its supervisor gives up. Runs in the group manager: a slow hook delays the
  /// manager's other work. (Elsa's assignment_received_handler.)
  std::function<std::optional<std::string>(const assigned_partition&)> assignment_received = {};
  /// Called with partitions that were given up, once for each that assignment_received accepted.
  /// Drained partitions come when their workers have ended, lost partitions at once. Not called if
  /// the program is killed. The observer gets what this hook throws. (Elsa's
  /// assignments_revoked_handler, which does not get the partitions.)
  std::function<void(std::span<const topic_partition>)> assignments_revoked = {};

  /// Most messages in one batch. Less than 100 costs throughput.
  std::size_t batch_size = 1'000;
  /// Most offsets of a partition that may be delivered and not acknowledged, log gaps included.
  /// Delivery pauses at this limit.
  std::size_t max_unacknowledged = 100'000;
  /// How often acknowledged offsets are committed. Kafka: auto.commit.interval.ms, there 5 s.
  saturating<std::chrono::milliseconds> commit_interval{1'000};
  /// Longest time for workers to finish when their partitions are revoked or the group stops. Then
  /// their leases end. A message_handler finishes the message in hand, a batch_handler its batch,
  /// unless it polls batch::drain_requested(). Must be below max_poll_interval, since brokers wait
  /// that long for a member to rejoin.
  saturating<std::chrono::milliseconds> drain_within{5'000};
  /// Where handlers run. Use detached for handlers that block.
  execution run_as = execution::scheduled;
  /// How soon a failed worker is replaced. Failures in a row are counted until the partition that
  /// the worker failed at is acknowledged further, however long that takes. Health is clear again
  /// at the same time. A replacement without messages cannot acknowledge: it is healthy after
  /// `healthy_after` without a message in hand.
  backoff_settings worker_restarts = {};
  /// Longest time for a handler's start(), one batch, or one message of a message_handler. Then the
  /// lease ends, see assignment::epoch, and a replacement starts. The old handler cannot be
  /// stopped, so both may have the same messages in hand for a while. Each answer of a handler
  /// process restarts the time of its waiting batches. Zero, or more than a hundred years: no
  /// limit.
  saturating<std::chrono::milliseconds> handle_within{300'000};
  /// Delay from an assignment to the start of its workers. A partition that is revoked within that
  /// time starts no worker. (Kaffe's rebalance_delay.)
  saturating<std::chrono::milliseconds> rebalance_delay{0};

  /// Kafka: session.timeout.ms. Keep it at least three heartbeat intervals.
  saturating<std::chrono::milliseconds> session_timeout{45'000};
  /// Kafka: heartbeat.interval.ms.
  saturating<std::chrono::milliseconds> heartbeat_interval{3'000};
  /// Kafka: max.poll.interval.ms. Limits how long the coordinator may be stuck, not a handler.
  saturating<std::chrono::milliseconds> max_poll_interval{300'000};
  /// Kafka: partition.assignment.strategy.
  assignor strategy = assignor::range;
  /// Static membership: a member with this name that returns within session_timeout gets its
  /// partitions back without a rebalance. Empty: no static membership. Kafka: group.instance.id.
  std::string instance = {};
  /// Kafka: fetch.max.wait.ms.
  saturating<std::chrono::milliseconds> fetch_wait{500};
  /// Memory for the messages of all partitions: two fifths for fetched messages, up to half for
  /// delivered messages that are not acknowledged. Default: 256 MiB, or 8 MiB for each assigned
  /// partition if that is more, up to 2 GiB. Partitions with a backlog borrow memory for fetched
  /// messages from quiet partitions. For delivered messages, each partition has an equal share, and
  /// room for one batch in any case. Messages below 256 bytes exceed the two fifths, since the
  /// limits of librdkafka do not count the memory that librdkafka keeps beside each message. The
  /// share for delivered messages shrinks by that, to a sixteenth at the least. librdkafka:
  /// queued.max.messages.kbytes, fetch.message.max.bytes and fetch.max.bytes follow from this.
  std::optional<std::size_t> memory_bytes = {};
  /// Other librdkafka keys, applied last. Keys that the runtime depends on are rejected.
  extra_settings extra = {};
};

/// Every fault of the settings, one line each; empty if there is none.
std::vector<std::string> validate(const group_consumer& settings);

} // namespace ottla::kafka
