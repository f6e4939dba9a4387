#pragma once

#include <ottla/supervision/restart_limit.hpp>

#include <chrono>
#include <cstddef>
#include <deque>

namespace ottla {

/// Counts restarts over a sliding period. Memory is bounded by the limit, whatever the rate.
class restart_window {
public:
  explicit restart_window(restart_limit limit) : limit_{limit} {}

  /// Adds a restart at `now`, a time since any fixed point. False if that exceeds the limit. Times
  /// must not decrease.
  bool add(std::chrono::nanoseconds now);

  /// Restarts within the period that ended at the last add.
  std::size_t count() const noexcept { return times_.size(); }

private:
  restart_limit limit_;
  std::deque<std::chrono::nanoseconds> times_;
};

} // namespace ottla
