#pragma once

#include <ottla/kafka/detail/lease_progress.hpp>

#include <cstdint>
#include <memory>
#include <utility>

namespace ottla::kafka {

/// Receives the acknowledgements of one lease. For ottla's internal use.
///
/// Thread safety: call from any thread, except last_of_batch_done.
class ack_sink {
public:
  /// `progress` must not be null.
  explicit ack_sink(std::shared_ptr<lease_progress> progress) : progress_{std::move(progress)} {}
  virtual ~ack_sink() = default;

  /// Acknowledges the offsets from `first` up to but not including `next`.
  virtual void done(std::int64_t first, std::int64_t next) const = 0;

  /// Like done(), for the last range that the handling thread acknowledges in the current batch. If
  /// the worker takes the next batch immediately, that take counts the range, which saves a lock.
  void last_of_batch_done(std::int64_t first, std::int64_t next) const {
    if (progress_->is_left_to_next_take(first)) {
      progress_->done(first, next);
      // If other ranges of the batch went to the acknowledger, they may wait there for this range.
      if (!progress_->has_detour())
        return;
    }
    done(first, next);
  }

  lease_progress& progress() const noexcept { return *progress_; }

private:
  std::shared_ptr<lease_progress> progress_;
};

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
