#pragma once

#include <ottla/actors/saturating.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ottla {

/// The delay before the next try. The delay doubles with each consecutive failure.
struct backoff_settings {
  /// The first delay.
  saturating<std::chrono::nanoseconds> first = std::chrono::milliseconds{10};
  /// Upper bound of a delay.
  saturating<std::chrono::nanoseconds> longest = std::chrono::seconds{10};
  /// Number of consecutive failures that are retried without a delay.
  std::size_t at_once = 1;
  /// A child that runs for this long is healthy, which resets its count of failures. Ignored with
  /// healthy_when::reported.
  saturating<std::chrono::nanoseconds> healthy_after = std::chrono::seconds{10};
  /// Random part of each delay, from 0 to 1. With 0.2, a delay of 100 ms becomes 80 to 100 ms. With
  /// jitter, children that failed together do not restart together.
  double jitter = 0;

  bool operator==(const backoff_settings&) const = default;
};

/// When a restarted child counts as healthy, which resets its count of failures.
enum class healthy_when : std::uint8_t {
  /// The child has run for backoff_settings::healthy_after. For processes without a notion of work.
  lasting,
  /// The child has called process::report_healthy, however long it has run. For processes that may
  /// run longer than any `healthy_after` before they fail again.
  reported,
};

/// All faults of the settings, one line each: `WHOSE: fault`. Empty if there are none.
std::vector<std::string> validate(const backoff_settings& settings, std::string_view whose);

/// Counts the consecutive failures of one child, and computes its delays. Times count from any
/// fixed point. The same seed gives the same jitter.
class backoff {
public:
  explicit backoff(backoff_settings settings = {}, std::uint64_t seed = 0,
                   healthy_when healthy = healthy_when::lasting)
    : settings_{settings}, seed_{seed}, healthy_{healthy} {}

  /// The child has started at `now`.
  void started(std::chrono::nanoseconds now) { running_since_ = now; }

  /// The child has reported that it is healthy. Ignored while the child does not run, and without
  /// healthy_when::reported.
  void reported_healthy() noexcept;

  /// The child ended at `now`. Does not count a failure. failed() may follow.
  void stopped(std::chrono::nanoseconds now);

  /// The child failed at `now`. Returns the delay before the next try.
  std::chrono::nanoseconds failed(std::chrono::nanoseconds now);

  std::size_t failures_in_a_row() const noexcept { return failures_; }

private:
  static constexpr auto not_running = std::chrono::nanoseconds::max();

  std::chrono::nanoseconds full_delay() const;

  backoff_settings settings_;
  std::uint64_t seed_;
  healthy_when healthy_;
  std::size_t failures_ = 0;
  std::chrono::nanoseconds running_since_ = not_running;
};

} // namespace ottla
