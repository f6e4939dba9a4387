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

/// The result of one take.
struct fetched {
  /// Keeps the messages alive.
  std::shared_ptr<const batch_memory> memory;
  /// In offset order, none below the expected offset. The only gaps are those of the log itself.
  std::span<const message> messages;
  /// Size of keys and values, in bytes.
  std::size_t bytes = 0;
  /// More messages may be waiting: take again, without waiting for the waker.
  bool more = false;
  /// The end of the log, if this take reached it. This answer and earlier ones hold all records
  /// below that offset. After the last record, the offset also passes transaction markers, aborted
  /// records and records that compaction has removed. Each end is reported once.
  std::optional<std::int64_t> end = std::nullopt;
  /// The partition cannot continue, for example after a refused authorization or an offset out of
  /// range. This answer still holds the messages before the failure. Each later take fails
  /// likewise. A new assignment recovers the partition. A seek does too, except for an offset out
  /// of range.
  std::optional<error> failed = std::nullopt;
};

/// The fetched messages of one assigned partition.
///
/// Thread safety: calls of one queue must not overlap each other, nor calls of its consumer's
/// assign, unassign and close that concern the partition. The caller holds a lock for that. The
/// waker is called from any thread at any time.
class partition_queue {
public:
  /// Disconnects the waker and releases the driver's queue.
  virtual ~partition_queue() = default;

  /// Takes at most `most` messages, without waiting. fetched::more says whether to take again.
  virtual fetched take(std::size_t most) = 0;

  /// Sets the function to call when the queue turns non-empty. Calls it once before returning if
  /// messages already wait. An empty function disconnects the waker: afterwards no waker is
  /// running.
  virtual void wake_on_message(waker wake) = 0;

  /// Resumes at `offset`. Later takes return no message below that offset. Drops the fetched
  /// messages, unless the queue already continues at `offset`.
  virtual void seek(std::int64_t offset) = 0;
};

} // namespace ottla::kafka
