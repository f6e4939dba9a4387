#pragma once

#include <ottla/supervision/restart_limit.hpp>

#include <chrono>
#include <cstddef>
#include <deque>

namespace ottla {

/// Counts restarts within a sliding period, up to most_counted. A limit of most_counted or more is
/// never exceeded.
class restart_window {
public:
  static constexpr std::size_t most_counted = 1'000'000;

  explicit restart_window(restart_limit limit) : limit_{limit} {}

  /// Adds a restart at `now`, a time since any fixed point. False if the restart exceeds the limit.
  /// Times must not decrease.
  bool add(std::chrono::nanoseconds now);

  /// Number of restarts within the period that ended at the last add.
  std::size_t count() const noexcept { return times_.size(); }

private:
  restart_limit limit_;
  std::deque<std::chrono::nanoseconds> times_;
};

} // namespace ottla
