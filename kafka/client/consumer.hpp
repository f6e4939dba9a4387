#pragma once

#include <ottla/kafka/begin_offset.hpp>
#include <ottla/kafka/client/events.hpp>
#include <ottla/kafka/client/partition_queue.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ottla::kafka {

/// One member of a consumer group, as the coordinator needs it: every call returns at once, every
/// answer comes as an event.
///
/// Thread safety: one thread at a time; the waker comes from any thread.
class consumer {
public:
  /// Never blocks: the handle goes to a reaper, which leaves the group and waits for messages that
  /// are still held. Partition queues may outlive the consumer; they stay empty then.
  virtual ~consumer() = default;

  /// Told when events turn up; one wake for those waiting already is posted before this returns.
  virtual void wake_on_event(waker wake) = 0;

  /// Also tells the broker that this member is alive: ask at least at a third of
  /// max_poll_interval.
  virtual std::optional<consumer_event> next_event() = 0;

  /// Joins the group for these topics; again: for these instead.
  virtual void subscribe(std::span<const std::string> topics) = 0;

  /// Answers `assigned`: fetching starts at the given, concrete offsets. One queue per position,
  /// in their order.
  virtual std::vector<std::unique_ptr<partition_queue>> assign(token answer,
                                                               std::span<const position> from)
    = 0;

  /// Answers `revoked`. The queues of these partitions must be gone by now.
  virtual void unassign(token answer, std::span<const topic_partition> partitions) = 0;

  /// Stores offsets for the group: `committed` follows. An offset is that of the next record to be
  /// read.
  virtual token commit(std::span<const position> next) = 0;

  /// Where to begin, as a number: the group's committed offset, or what `otherwise` says where
  /// there is none. Where that is not in the log, what `when_missing` says. The rules are those of
  /// first_offset.hpp. `resolved` follows. Asks the brokers on threads of the seam's own, and over
  /// connections of their own: the answer does not wait for what is being fetched.
  virtual token resolve(std::span<const topic_partition> partitions, begin_offset otherwise,
                        begin_offset when_missing)
    = 0;

  /// How far the logs of these partitions go: `ends_known` follows. Asks likewise.
  virtual token look_up_ends(std::span<const topic_partition> partitions) = 0;

  /// A broker has a request of this member to join the group, and answers when the others have
  /// joined.
  virtual bool is_joining() const = 0;

  /// Heartbeats of this member that the group's coordinator has answered so far, whatever it
  /// answered. The client sends them by itself while it is a member of the group and not joining.
  virtual std::uint64_t heartbeats_answered() const = 0;

  /// Leaves the group: `closed` follows, events before it still have to be answered. Commits that
  /// wait until the member has joined are sent at once.
  virtual void close() = 0;
};

} // namespace ottla::kafka
