#pragma once

#include <chrono>
#include <optional>
#include <set>

namespace ottla::kafka {

/// Decides when a process starts a timer for the earliest of many deadlines. A started timer cannot
/// be cancelled, so the plan counts the timers that have not fired, and starts few of them: at most
/// one for all deadlines that are far away, and at most one for each `step` below `longest`.
///
/// Thread safety: none.
class timer_plan {
public:
  using time = std::chrono::steady_clock::time_point;

  /// The longest timer. When it fires, the process plans again.
  static constexpr std::chrono::seconds longest{10};
  static constexpr std::chrono::milliseconds step{10};

  /// The time for which to start a timer. nullopt if a pending timer fires early enough, or if
  /// `next` is time::max(). After each timer the process calls fired(), and plans again.
  std::optional<time> plan(time now, time next);

  /// The timer for this time has fired.
  void fired(time at) { pending_.erase(at); }

  std::size_t pending() const noexcept { return pending_.size(); }

private:
  std::set<time> pending_;
};

} // namespace ottla::kafka
