#pragma once

#include <ottla/kafka/internal/driver/events.hpp>
#include <ottla/kafka/record.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Records to produce. The producer handle keeps the batch alive until every record is reported,
/// and does not copy the records.
struct outgoing {
  token asked = 0;
  std::string topic;
  /// Partition of all records. If negative, the partitioner of the topic chooses the partition of
  /// each record.
  std::int32_t partition = -1;
  std::vector<record> records;
  /// A caller waits for the report, so the records do not wait for further records of their batch
  /// (producer_settings::linger).
  bool is_urgent = false;
  /// Allows send() of an urgent batch to block the calling thread for up to 4 ms, so that the batch
  /// shares a request with batches of other threads.
  bool may_block = false;
};

/// A producing handle. Every call returns at once, except for send() of a batch that may block.
///
/// Thread safety: call send() from any thread, also concurrently, but for each batch from one
/// thread at a time. Call the other functions from one thread at a time. A send() during close()
/// may still take its records. The waker is called from any thread.
class producer_handle {
public:
  /// Never blocks. Drops unsent records without a report. Call close() and wait for `closed` to
  /// send these records.
  virtual ~producer_handle() = default;

  /// Sets the function to call when events arrive. If events are already pending, calls the
  /// function before returning.
  virtual void wake_on_event(waker wake) = 0;

  virtual std::optional<producer_event> next_event() = 0;

  /// Takes the records from index `from` on, in order. Returns the index after the last record
  /// taken. If the returned index is not the end of the batch, the queue is full. In this case,
  /// take the events after the next wake, and call send() again with the returned index. A wake may
  /// come without an event, because each reported record frees room in the queue. One event
  /// `delivered` follows when all records are taken and reported. That event also reports records
  /// that are rejected at once.
  virtual std::size_t send(const std::shared_ptr<const outgoing>& batch, std::size_t from) = 0;

  /// Sends all taken records without waiting for linger.ms. The event `closed` follows, after
  /// delivery_timeout at the latest. Later calls of send() report their records as failed.
  virtual void close() = 0;

  /// Call after close(). Abandons all records that are not reported yet. Each abandoned record is
  /// soon reported as failed, and the event `closed` follows.
  virtual void abandon() = 0;
};

} // namespace ottla::kafka
