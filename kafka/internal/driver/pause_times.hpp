#pragma once

#include <chrono>

namespace ottla::kafka {

/// Decides when paused partitions are resumed, and when more partitions may be paused.
///
/// The first pause sets the time at which all partitions are resumed. Pausing more partitions does
/// not change that time. Otherwise a partition could stay paused for as long as other partitions
/// keep reaching their ends.
///
/// Messages wait while a pause call runs. After a call that took t, the next call starts at least
/// `gap` * t later. A gap of 25 limits pause calls to 4 % of the time.
class pause_times {
public:
  using clock = std::chrono::steady_clock;

  /// `pause` is the length of a pause.
  constexpr pause_times(std::chrono::milliseconds pause, int gap) noexcept
    : pause_{pause}, gap_{gap} {}

  constexpr bool may_pause(clock::time_point now) const noexcept { return now >= may_pause_from_; }

  /// Notes that a pause call ran from `begun` to `now`.
  constexpr void paused(clock::time_point begun, clock::time_point now) noexcept {
    may_pause_from_ = now + gap_ * (now - begun);
    if (are_paused_)
      return;
    are_paused_ = true;
    resume_at_ = now + pause_;
  }

  /// Call when no partition is paused any more.
  constexpr void all_resumed() noexcept { are_paused_ = false; }

  /// The time at which to resume all paused partitions.
  constexpr clock::time_point resume_at() const noexcept { return resume_at_; }

private:
  std::chrono::milliseconds pause_;
  int gap_;
  clock::time_point may_pause_from_{};
  clock::time_point resume_at_{};
  bool are_paused_ = false;
};

} // namespace ottla::kafka
