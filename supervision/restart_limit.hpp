#pragma once

#include <ottla/actors/saturating.hpp>

#include <chrono>
#include <cstddef>

namespace ottla {

/// How many restarts a supervisor makes within a period before it gives up.
struct restart_limit {
  /// Restarts within the period. One more ends the supervisor. OTP: intensity.
  std::size_t at_most = 3;
  /// The period, a sliding window. OTP: period.
  saturating<std::chrono::nanoseconds> within = std::chrono::seconds{5};
};

} // namespace ottla
