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

/// A partition that the group has assigned to this member and that no worker has leased yet.
/// group_consumer::assignment_received gets it. Handlers get an `assignment`, which also has the
/// terms of their worker's lease.
struct assigned_partition {
  std::string group = {};
  topic_partition where = {};
  /// Generation of the group, as counted by the broker.
  std::int32_t generation = -1;
  /// First offset to be delivered.
  std::int64_t begins_at = 0;
};

/// Which partitions share a worker, and so share a handler. (Kaffe's worker_allocation_strategy.)
enum class worker_allocation : std::uint8_t {
  /// One worker for each partition of each topic.
  per_topic_partition,
  /// One worker for all partitions with the same number, whatever their topic. Messages with the
  /// same key are then handled one after the other, even if they are in different topics.
  per_partition,
};

/// One member of a consumer group. Workers handle the assigned partitions, and each worker has its
/// own handler. Each message is handled at least once. Offsets are committed after messages are
/// acknowledged, so messages without a committed acknowledgement may be handled again.
/// connection.hpp has an example.
struct group_consumer {
  // Group, topics and handler

  /// Required. Kafka: group.id.
  std::string group = {};
  /// Required. Topics to subscribe to. subscribe_topics adds further topics at run time.
  std::vector<std::string> topics = {};
  /// Required. `handler<My_handler>(args…)` makes an object for each worker, for batches or for
  /// single messages. With `handled_by(…)`, processes of the program handle the batches.
  group_handler handler = {};

  // First offsets

  /// Where a partition begins if the group has no committed offset for it.
  begin_offset begin = earliest{};
  /// Where a partition begins if its committed or chosen offset is not in the log: below the first
  /// offset of the log, or beyond the high watermark. With librdkafka 2.3 and newer, this setting
  /// also applies if the log lost the record before the committed offset, or was created again. An
  /// offset after an open transaction is not missing, and delivery waits for the transaction.
  begin_offset when_missing = earliest{};

  // Assignments

  // Both hooks run in a process of the group. A hook must not wait for an answer of the group, for
  // example with the blocking call(system, …), because the group waits for the hook.

  /// Which of the assigned partitions share a worker.
  worker_allocation allocation = worker_allocation::per_topic_partition;
  /// Called once for each assigned partition, before its worker starts. A returned reason rejects
  /// the partition. The group manager then ends with that reason, and calls the hook again after
  /// each restart, until its supervisor gives up. Runs in the group manager, so a slow hook delays
  /// the manager's other work. (Elsa's assignment_received_handler.)
  std::function<std::optional<std::string>(const assigned_partition&)> assignment_received = {};
  /// Gets the partitions that the member gave up, each accepted partition once. A lost partition is
  /// passed immediately, while its worker may still run. The worker of a partition whose drain
  /// exceeds drain_within may still run, too. Any other partition is passed after its worker has
  /// ended. Not called if the program is killed. An exception is reported to the observer. (Elsa's
  /// assignments_revoked_handler, which does not get the partitions.)
  std::function<void(std::span<const topic_partition>)> assignments_revoked = {};

  // Delivery and commits

  /// Largest number of messages in a batch. Less than 100 costs throughput. Lower this number
  /// if a batch_handler needs longer than drain_within for a batch, since a drain waits for the
  /// batch.
  std::size_t batch_size = 1'000;
  /// Largest number of offsets of a partition that are delivered and not acknowledged, log gaps
  /// included. Delivery of the partition pauses at this limit. Raise this number if handlers
  /// acknowledge late, and many later messages are done before an earlier one. At least
  /// batch_size.
  std::size_t max_unacknowledged = 100'000;
  /// How often acknowledged offsets are committed. After a crash of the program, messages that were
  /// acknowledged since the last commit are delivered again. A shorter time costs more requests to
  /// the group's broker. Kafka: auto.commit.interval.ms, whose default is 5 s.
  saturating<std::chrono::milliseconds> commit_interval{1'000};

  // Workers

  /// Longest time for workers to finish when their partitions are revoked or the group stops. A
  /// revoke ends the leases at this deadline. A stop kills the remaining workers at most a second
  /// after this deadline. A message_handler finishes its current message. A batch_handler finishes
  /// its batch, or returns early if it polls batch::drain_requested(). Must be below
  /// max_poll_interval, since brokers wait that long for a member to rejoin.
  /// Raise this time if handlers need longer, since unfinished messages are delivered again. Lower
  /// this time for shorter rebalances, since the other members wait for the drain.
  saturating<std::chrono::milliseconds> drain_within{5'000};
  /// Where handlers run. Use detached for handlers that block.
  execution run_as = execution::scheduled;
  /// How soon a failed worker is replaced. If a worker failed while it handled a batch, the next
  /// acknowledgement in that batch's partition resets the count of failures in a row, however late.
  /// If a worker failed without a batch, an acknowledgement in any of its partitions does. `health`
  /// clears the failure at the same time. A replacement without messages has nothing to
  /// acknowledge. Such a replacement resets the count after `healthy_after`.
  backoff_settings worker_restarts = {};
  /// Longest time for a handler's start(), for one batch, or for one message of a message_handler.
  /// Zero, or more than a hundred years, means no limit.
  ///
  /// After this time the lease ends and a replacement starts. The old handler cannot be stopped, so
  /// both handlers may handle the same messages for a while. assignment::epoch tells them apart.
  ///
  /// A handler process may have several batches in its mailbox. Each of its answers restarts the
  /// time limit of these batches. The total limit of a batch is handle_within times the number of
  /// workers that share the process.
  saturating<std::chrono::milliseconds> handle_within{300'000};
  /// Delay from an assignment to the start of its workers. A partition that is revoked within that
  /// time starts no worker. Raise this time if workers are expensive to start, and members join one
  /// after the other. (Kaffe's rebalance_delay.)
  saturating<std::chrono::milliseconds> rebalance_delay{0};

  // Membership

  /// Longest time without a heartbeat before brokers evict the member. At least three heartbeat
  /// intervals. Lower this time so that other members take over sooner after a crash. Raise this
  /// time above the longest restart of a static member, or if short outages of the network must not
  /// cause a rebalance. Brokers reject a time outside their group.min.session.timeout.ms and
  /// group.max.session.timeout.ms. Kafka: session.timeout.ms.
  saturating<std::chrono::milliseconds> session_timeout{45'000};
  /// How often the member sends a heartbeat. Kafka: heartbeat.interval.ms.
  saturating<std::chrono::milliseconds> heartbeat_interval{3'000};
  /// Longest time that the coordinator may hang before the member leaves the group. Not a limit for
  /// handlers. Kafka: max.poll.interval.ms.
  saturating<std::chrono::milliseconds> max_poll_interval{300'000};
  /// How the members share the partitions. Kafka: partition.assignment.strategy.
  assignor strategy = assignor::range;
  /// Name of a static member. A static member that returns within session_timeout gets its
  /// partitions back without a rebalance. Empty for a dynamic member. Kafka: group.instance.id.
  std::string instance = {};

  // Fetching and memory

  /// How long a broker may wait for new messages before it answers a fetch. A longer time means
  /// fewer requests for quiet partitions. Kafka: fetch.max.wait.ms.
  saturating<std::chrono::milliseconds> fetch_wait{500};
  /// Memory for the messages of all partitions: fetched messages, and delivered messages that are
  /// not acknowledged. docs/decisions/0033 describes the shares.
  ///
  /// Default: 256 MiB, or 8 MiB for each assigned partition if that is more, up to 2 GiB.
  /// Lower this amount if the program must use less memory. A backlog in a few of many partitions
  /// is then consumed more slowly.
  /// Raise this amount if handlers return later() and delivery pauses before max_unacknowledged.
  ///
  /// librdkafka: queued.max.messages.kbytes, fetch.message.max.bytes and fetch.max.bytes are
  /// derived from this setting.
  std::optional<std::size_t> memory_bytes = {};

  // librdkafka

  /// Other librdkafka keys, applied last. Keys that ottla depends on are rejected.
  extra_settings extra = {};
};

/// Checks the settings. Returns each fault as one line; empty if there is no fault.
std::vector<std::string> validate(const group_consumer& settings);

} // namespace ottla::kafka
