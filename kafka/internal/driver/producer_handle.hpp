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

/// Records to produce. The producer keeps them, uncopied, until each record is reported.
struct outgoing {
  token asked = 0;
  std::string topic;
  /// Negative: chosen by key, like Java's default partitioner (murmur2), or at random without a
  /// key.
  std::int32_t partition = -1;
  std::vector<record> records;
};

/// A producing handle. Every call returns at once.
///
/// Thread safety: one thread at a time. The waker is called from any thread.
class producer_handle {
public:
  /// Never blocks. Drops unsent records and reports nothing more; see close.
  virtual ~producer_handle() = default;

  /// Sets the function to call when events arrive. Calls it once before returning if events already
  /// wait.
  virtual void wake_on_event(waker wake) = 0;

  virtual std::optional<producer_event> next_event() = 0;

  /// Hands over the records from index `from` on, in order. Returns the index after the last record
  /// taken. If that is not the end, the queue is full: take the events after the next wake, then
  /// continue from there. A wake may bring no event, since reports free room before a whole batch
  /// is delivered. When all records are taken and reported, one `delivered` follows. A record that
  /// is rejected at once is reported like one that fails later.
  virtual std::size_t send(const std::shared_ptr<const outgoing>& batch, std::size_t from) = 0;

  /// Sends all taken records without further delay. `closed` follows, after delivery_timeout at the
  /// latest. Records that are passed to send() from now on are reported as failed.
  virtual void close() = 0;

  /// Call after close. Gives up all records that are not reported yet. Each is soon reported as
  /// failed, then `closed` follows.
  virtual void abandon() = 0;
};

} // namespace ottla::kafka
