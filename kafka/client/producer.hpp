#pragma once

#include <ottla/kafka/client/events.hpp>
#include <ottla/kafka/record.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Records on their way; kept, uncopied, until each of them is reported.
struct outgoing {
  token asked = 0;
  std::string topic;
  /// Negative: by key, as Java's default partitioner places it (murmur2), at random without a key.
  std::int32_t partition = -1;
  std::vector<record> records;
};

/// A producing handle. Every call returns at once.
///
/// Thread safety: one thread at a time; the waker comes from any thread.
class producer {
public:
  /// Never blocks; what was not sent is dropped and not reported. See close.
  virtual ~producer() = default;

  /// Told when events turn up; one wake for those waiting already is posted before this returns.
  virtual void wake_on_event(waker wake) = 0;

  virtual std::optional<producer_event> next_event() = 0;

  /// Hands over records `from` on, in order; answers the index behind the last one taken. Less than
  /// all: the queue is full, go on from there after the next wake, once its events are taken (there
  /// need not be one: reports free room before a whole batch is delivered). When all were taken and
  /// reported, one `delivered` follows; a record that is refused at once is reported like one that
  /// failed later.
  virtual std::size_t send(const std::shared_ptr<const outgoing>& batch, std::size_t from) = 0;

  /// Sends what was taken without further delay, then `closed` follows, at the latest when
  /// delivery_timeout has passed. Records that are sent from now on are reported as failed.
  virtual void close() = 0;

  /// After close: gives up all records that are not reported yet. Each is reported as failed soon,
  /// then `closed` follows.
  virtual void abandon() = 0;
};

} // namespace ottla::kafka
