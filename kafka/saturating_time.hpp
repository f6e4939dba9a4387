#pragma once

#include <ottla/actors/saturating.hpp>

#include <chrono>
#include <concepts>

namespace ottla::kafka {

/// Type of each point in time that a program passes to ottla: a time of std::chrono's system_clock
/// whose conversion from another unit saturates. The clock counts nanoseconds since 1970 in 64
/// bits, and ends in the year 2262. So `sys_seconds::max()` becomes the last time of the clock.
/// std::chrono's own conversion would overflow.
class saturating_time : public std::chrono::system_clock::time_point {
public:
  constexpr saturating_time() noexcept = default;

  template <class Duration>
  requires std::convertible_to<Duration, saturating<std::chrono::system_clock::duration>>
  constexpr saturating_time(
    std::chrono::time_point<std::chrono::system_clock, Duration> at) noexcept
    : time_point{saturate<duration>(at.time_since_epoch())} {}
};

} // namespace ottla::kafka
