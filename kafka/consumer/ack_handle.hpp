#pragma once

#include <ottla/kafka/detail/ack_sink.hpp>

#include <cstdint>
#include <memory>
#include <utility>

namespace ottla::kafka {

/// Acknowledges messages after handle() has returned, in any order, also across batches. A message
/// is committed only when all earlier messages of its partition are acknowledged. So a message that
/// is never acknowledged blocks all later commits of its partition, and delivery pauses at
/// group_consumer::max_unacknowledged.
///
/// A handle is small and keeps no message alive. After its worker was replaced or its partition was
/// given up, the handle does nothing, and the messages are delivered again. (Elsa.Consumer.ack,
/// Kaffe's async ack.)
///
/// Thread safety: call from any thread.
class ack_handle {
public:
  /// A handle that acknowledges nothing.
  ack_handle() = default;
  ack_handle(std::shared_ptr<const ack_sink> to, std::int64_t first, std::int64_t next) noexcept
    : sink_{std::move(to)}, first_{first}, next_{next} {}

  /// Acknowledges all offsets of this handle. A second call changes nothing.
  void ack() const {
    if (sink_)
      sink_->done(first_, next_);
  }

  /// Acknowledges the offsets of this handle up to and including `offset`.
  void ack_until(std::int64_t offset) const {
    if (sink_ && offset >= first_)
      sink_->done(first_, offset < next_ ? offset + 1 : next_);
  }

  /// The handle covers the offsets from first() up to but not including next(), log gaps included.
  std::int64_t first() const noexcept { return first_; }
  std::int64_t next() const noexcept { return next_; }

private:
  std::shared_ptr<const ack_sink> sink_;
  std::int64_t first_ = 0;
  std::int64_t next_ = 0;
};

} // namespace ottla::kafka
