#pragma once

#include <ottla/actors/saturating.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ottla {

/// The delay before the next try. It doubles with each failure in a row.
struct backoff_settings {
  saturating<std::chrono::nanoseconds> first = std::chrono::milliseconds{10};
  saturating<std::chrono::nanoseconds> longest = std::chrono::seconds{10};
  /// Number of failures in a row that are retried without any delay.
  std::size_t at_once = 1;
  /// A child that runs for this long is healthy, and its failures are forgotten. Ignored with
  /// healthy_when::reported.
  saturating<std::chrono::nanoseconds> healthy_after = std::chrono::seconds{10};
  /// Random part of each delay, from 0 to 1: 0.2 makes 80 to 100 ms of 100. With jitter, children
  /// that failed together do not restart together.
  double jitter = 0;

  bool operator==(const backoff_settings&) const = default;
};

/// When a restarted child counts as healthy, so that its failures are forgotten.
enum class healthy_when : std::uint8_t {
  /// The child has run for backoff_settings::healthy_after. For processes without a notion of work.
  lasting,
  /// The child reports that it is healthy, however long it runs. For processes that may need longer
  /// than any `healthy_after` to fail again.
  reported,
};

/// All that is wrong with the settings, one line each, as `WHOSE: what`.
std::vector<std::string> validate(const backoff_settings& settings, std::string_view whose);

/// Counts the failures in a row of one child, and computes its delays. Times count from any fixed
/// point. The same seed gives the same jitter.
class backoff {
public:
  explicit backoff(backoff_settings settings = {}, std::uint64_t seed = 0,
                   healthy_when healthy = healthy_when::lasting)
    : settings_{settings}, seed_{seed}, healthy_{healthy} {}

  /// The child runs since `now`.
  void started(std::chrono::nanoseconds now) { running_since_ = now; }

  /// The child reports that it is healthy. Counts while it runs, and only with
  /// healthy_when::reported.
  void reported_healthy() noexcept;

  /// The child was ended at `now`, without a failure.
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
