#pragma once

#include <ottla/kafka/client/events.hpp>
#include <ottla/kafka/error.hpp>
#include <ottla/kafka/message.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace ottla::kafka {

/// What a client keeps for each fetched message besides its key and value, roughly
/// (librdkafka 2.0).
inline constexpr std::size_t bytes_beside_message = 256;

/// What one take brought.
struct fetched {
  /// Keeps the messages alive.
  std::shared_ptr<const batch_memory> memory;
  /// In offset order, without gaps but those of the log itself, none below the expected offset.
  std::span<const message> messages;
  /// Keys and values, in bytes.
  std::size_t bytes = 0;
  /// More may be waiting: take again without waiting for the waker.
  bool more = false;
  /// The end of the log was reached: this answer and those before hold all records below that
  /// offset. Behind the last record it passes transaction markers, aborted records and what
  /// compaction has removed. Told once for each end that is reached.
  std::optional<std::int64_t> end = std::nullopt;
  /// The partition cannot go on from here (an offset out of range, a refused authorization); the
  /// messages before it are in this answer, and each later take fails likewise. A new assignment
  /// helps; a seek does too, but for an offset out of range.
  std::optional<error> failed = std::nullopt;
};

/// The fetched messages of one assigned partition.
///
/// Thread safety: calls of one queue must exclude each other and the assign, unassign and close
/// of its consumer that concern the partition; the caller holds a lock for that. The waker comes
/// from any thread at any time.
class partition_queue {
public:
  /// Silences the waker and lets go of the client's queue.
  virtual ~partition_queue() = default;

  /// At most `most` messages, without waiting. Answers fewer when the queue was seen empty.
  virtual fetched take(std::size_t most) = 0;

  /// Sets who is told when the queue turns non-empty; one wake for what is waiting already is
  /// posted before this returns. An empty function silences: afterwards no waker is running.
  virtual void wake_on_message(waker wake) = 0;

  /// Goes on at `offset`: what was fetched is dropped, nothing below it is answered any more.
  virtual void seek(std::int64_t offset) = 0;
};

} // namespace ottla::kafka
