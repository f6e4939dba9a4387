#pragma once

#include <ottla/actors/saturating.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ottla {

/// How long to wait before the next try, doubling with each failure in a row.
struct backoff_settings {
  saturating<std::chrono::nanoseconds> first = std::chrono::milliseconds{10};
  saturating<std::chrono::nanoseconds> longest = std::chrono::seconds{10};
  /// So many failures are tried again without any delay.
  std::size_t at_once = 1;
  /// What runs for so long counts as healthy: the failures before it are forgotten.
  saturating<std::chrono::nanoseconds> healthy_after = std::chrono::seconds{10};
  /// Part of each delay, 0 to 1, that is left to chance, so that many that failed together do not
  /// come back together: 0.2 makes 80 to 100 ms of 100.
  double jitter = 0;

  bool operator==(const backoff_settings&) const = default;
};

/// All that is wrong with the settings, one line each, as `WHOSE: what`.
std::vector<std::string> validate(const backoff_settings& settings, std::string_view whose);

/// Failures in a row of one thing, and the delays they earn. Times count from any fixed point. The
/// same seed gives the same jitter.
class backoff {
public:
  explicit backoff(backoff_settings settings = {}, std::uint64_t seed = 0)
    : settings_{settings}, seed_{seed} {}

  /// It works since `now`.
  void started(std::chrono::nanoseconds now) { running_since_ = now; }

  /// It was ended at `now`, without having failed.
  void stopped(std::chrono::nanoseconds now);

  /// It failed at `now`: wait so long before the next try.
  std::chrono::nanoseconds failed(std::chrono::nanoseconds now);

  std::size_t failures_in_a_row() const noexcept { return failures_; }

private:
  std::chrono::nanoseconds full_delay() const;

  backoff_settings settings_;
  std::uint64_t seed_;
  std::size_t failures_ = 0;
  std::chrono::nanoseconds running_since_ = std::chrono::nanoseconds::max();
};

} // namespace ottla
