#pragma once

#include <ottla/kafka/detail/lease_progress.hpp>

#include <cstdint>
#include <memory>
#include <utility>

namespace ottla::kafka {

/// Receives the acknowledgements of one lease.
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

} // namespace ottla::kafka
