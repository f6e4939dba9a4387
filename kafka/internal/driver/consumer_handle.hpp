#pragma once

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

/// One member of a consumer group, as the coordinator needs it. Every call returns at once. Every
/// answer comes as an event.
///
/// Thread safety: one thread at a time. The waker is called from any thread.
class consumer_handle {
public:
  /// Never blocks. The handle goes to a reaper, which leaves the group and waits until nobody holds
  /// a message. Partition queues may outlive the consumer; they stay empty then.
  virtual ~consumer_handle() = default;

  /// Sets the function to call when events arrive. Calls it once before returning if events already
  /// wait.
  virtual void wake_on_event(waker wake) = 0;

  /// Also shows the broker that this member is alive. Call at least once in each third of
  /// max_poll_interval.
  virtual std::optional<consumer_event> next_event() = 0;

  /// Joins the group for these topics. A later call replaces the topics.
  virtual void subscribe(std::span<const std::string> topics) = 0;

  /// Answers `assigned`. Fetching starts at these offsets, which must be concrete. Returns one
  /// queue for each position, in order.
  virtual std::vector<std::unique_ptr<partition_queue>> assign(token answer,
                                                               std::span<const position> from)
    = 0;

  /// Answers `revoked`. Destroy the queues of these partitions first.
  virtual void unassign(token answer, std::span<const topic_partition> partitions) = 0;

  /// Stores offsets for the group; `committed` follows. Each offset is that of the next record to
  /// read.
  virtual token commit(std::span<const position> next) = 0;

  /// Looks up the first offset to read of each partition; `resolved` follows. That is the group's
  /// committed offset, or the offset that `otherwise` selects if there is none. If the log does not
  /// hold that offset, `when_missing` selects another. offset_reset.hpp has the rules. Asks the
  /// brokers on threads of the seam, over connections that no fetch uses. So the answer does not
  /// wait for a pending fetch.
  virtual token resolve(std::span<const topic_partition> partitions, begin_offset otherwise,
                        begin_offset when_missing)
    = 0;

  /// Looks up the ends of these partitions' logs; `ends_known` follows. Asks the brokers like
  /// resolve().
  virtual token look_up_ends(std::span<const topic_partition> partitions) = 0;

  /// True while a JoinGroup or SyncGroup request of this member is pending. The broker's answer
  /// waits for the other members of the group.
  virtual bool is_joining() const = 0;

  /// Number of this member's heartbeats that the group's coordinator has answered so far, including
  /// answers with an error. The client sends heartbeats on its own, while it is a member of the
  /// group and is not joining.
  virtual std::uint64_t heartbeats_answered() const = 0;

  /// Leaves the group; `closed` follows. Answer rebalance events before `closed` as usual. Commits
  /// that wait for the member to join are sent at once.
  virtual void close() = 0;
};

} // namespace ottla::kafka
