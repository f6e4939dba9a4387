#pragma once

#include <ottla/kafka/admin/topic_info.hpp>
#include <ottla/kafka/consumer/begin_offset.hpp>
#include <ottla/kafka/internal/driver/events.hpp>
#include <ottla/kafka/internal/driver/partition_queue.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ottla::kafka {

/// One member of a consumer group, or a consumer without a group. The coordinator uses this
/// interface. Every call returns at once. Every answer arrives as an event.
///
/// Thread safety: one thread at a time. The waker is called from any thread.
class consumer_handle {
public:
  /// Never blocks. A reaper thread leaves the group and waits until every message is released.
  /// Partition queues may outlive the consumer handle. Such queues stay empty.
  virtual ~consumer_handle() = default;

  /// Sets the function to call when events arrive. If events are already pending, calls the
  /// function before returning.
  virtual void wake_on_event(waker wake) = 0;

  /// Returns the next event, or nullopt if none is pending. Each call restarts the member's
  /// max.poll.interval.ms timer. Call next_event() at least once every max_poll_interval / 3.
  virtual std::optional<consumer_event> next_event() = 0;

  /// The topics as the brokers describe them now. A consumer without a group takes its partitions
  /// from these topics. A member of a group ignores the call.
  virtual void see_topics(std::span<const topic_info> topics) { static_cast<void>(topics); }

  /// Joins the group for these topics. A later call replaces the topics.
  virtual void subscribe(std::span<const std::string> topics) = 0;

  /// Answers the event `assigned`. Fetching starts at these offsets, which must be concrete.
  /// Returns one queue for each position, in the order of the positions.
  virtual std::vector<std::unique_ptr<partition_queue>> assign(token answer,
                                                               std::span<const position> from)
    = 0;

  /// Answers the event `revoked`. Destroy the queues of these partitions first.
  virtual void unassign(token answer, std::span<const topic_partition> partitions) = 0;

  /// Commits offsets for the group. The event `committed` follows. Each offset is the offset of the
  /// next record to read.
  virtual token commit(std::span<const position> next) = 0;

  /// Looks up the first offset to read of each partition. The event `resolved` follows. The wanted
  /// offset is the group's committed offset. If the group has committed none, `otherwise` selects
  /// the wanted offset. If the log does not hold the wanted offset, `when_missing` selects another
  /// offset. offset_reset.hpp has the rules. Threads of the seam ask the brokers over connections
  /// that no fetch uses, so the answer does not wait for a pending fetch.
  virtual token resolve(std::span<const topic_partition> partitions, begin_offset otherwise,
                        begin_offset when_missing)
    = 0;

  /// Looks up the ends of these partitions' logs. The event `ends_known` follows. Asks the brokers
  /// like resolve().
  virtual token look_up_ends(std::span<const topic_partition> partitions) = 0;

  /// True while a JoinGroup or SyncGroup request of this member is pending. The broker delays its
  /// answer until the other members of the group have joined.
  virtual bool is_joining() const = 0;

  /// A number that grows with each heartbeat of this member that the group's coordinator answers,
  /// with or without an error. One answer may count twice. The client sends heartbeats on its own
  /// while the member is in the group and is not joining.
  virtual std::uint64_t heartbeats_answered() const = 0;

  /// Leaves the group. The event `closed` follows. Answer rebalance events that arrive before
  /// `closed` as usual. Commits that wait for the end of a join are sent at once.
  virtual void close() = 0;
};

} // namespace ottla::kafka
