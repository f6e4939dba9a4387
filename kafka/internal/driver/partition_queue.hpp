#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/internal/driver/events.hpp>
#include <ottla/kafka/message.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace ottla::kafka {

/// Messages of one partition on their way from partition_queue::take to a worker. The queue fills
/// all fields except `first`, `next` and `in_order`. partition_state sets these three fields.
struct fetched {
  /// Keeps the messages alive.
  std::shared_ptr<const batch_memory> memory;
  /// In offset order, from the expected offset on. The only gaps are gaps of the log.
  std::span<const message> messages;
  /// Size of keys and values, in bytes. Zero if partition_state delivers the messages again.
  std::size_t bytes = 0;
  /// The range [first, next) covers the messages and the gaps of the log before them. `first`
  /// equals `next` if there are no messages.
  std::int64_t first = 0;
  std::int64_t next = 0;
  /// All offsets below `first` are acknowledged.
  bool in_order = false;
  /// More messages may be waiting. Take again without waiting for the waker.
  bool more = false;
  /// The end of the log, if this take reached the end. This result and earlier results hold all
  /// records below the end. Offsets between the last record and the end belong to transaction
  /// markers, aborted records and records that compaction removed. The queue reports each end once.
  std::optional<std::int64_t> end = std::nullopt;
  /// The partition cannot continue, for example after a rejected authorization or an offset out of
  /// range. This result still holds the messages before the failure. Each later take fails in the
  /// same way. A new assignment recovers the partition. A seek also recovers the partition, except
  /// after an offset out of range.
  std::optional<error> failed = std::nullopt;
};

/// The fetched messages of one assigned partition.
///
/// Thread safety: one call of a queue at a time. A call must not overlap the consumer's assign,
/// unassign or close for the same partition. The caller's lock must ensure this. A call may overlap
/// the consumer's destruction. The waker is called from any thread at any time.
class partition_queue {
public:
  /// Disconnects the waker and releases the driver's queue.
  virtual ~partition_queue() = default;

  /// Takes at most `most` messages, without waiting. fetched::more says whether to take again.
  virtual fetched take(std::size_t most) = 0;

  /// Sets the function to call when the queue becomes non-empty. Calls that function once before
  /// returning if messages already wait. An empty function disconnects the waker. After the return
  /// no earlier waker is running.
  virtual void wake_on_message(waker wake) = 0;

  /// Resumes at `offset`. Later takes return no message below that offset. Drops the fetched
  /// messages, unless the queue already continues at `offset`.
  virtual void seek(std::int64_t offset) = 0;
};

} // namespace ottla::kafka
