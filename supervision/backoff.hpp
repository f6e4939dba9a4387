#pragma once

#include <chrono>
#include <cstddef>

namespace ottla {

/// How long to wait before the next try, doubling with each failure in a row.
struct backoff_settings {
  std::chrono::nanoseconds first = std::chrono::milliseconds{10};
  std::chrono::nanoseconds longest = std::chrono::seconds{10};
  /// So many failures are tried again without any delay.
  std::size_t at_once = 1;
  /// What runs for so long counts as healthy: the failures before it are forgotten.
  std::chrono::nanoseconds healthy_after = std::chrono::seconds{10};
};

/// Failures in a row of one thing, and the delays they earn. Times count from any fixed point.
class backoff {
public:
  explicit backoff(backoff_settings settings = {}) : settings_{settings} {}

  /// It works since `now`.
  void started(std::chrono::nanoseconds now) { running_since_ = now; }

  /// It failed at `now`: wait so long before the next try.
  std::chrono::nanoseconds failed(std::chrono::nanoseconds now);

  std::size_t failures_in_a_row() const noexcept { return failures_; }

private:
  backoff_settings settings_;
  std::size_t failures_ = 0;
  std::chrono::nanoseconds running_since_ = std::chrono::nanoseconds::max();
};

} // namespace ottla
