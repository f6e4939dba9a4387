#pragma once

#include <ottla/actors/saturating.hpp>

#include <chrono>
#include <cstddef>

namespace ottla {

/// How many restarts a supervisor allows before it gives up itself.
struct restart_limit {
  /// OTP: intensity. One more within the period ends the supervisor.
  std::size_t at_most = 3;
  /// OTP: period.
  saturating<std::chrono::nanoseconds> within = std::chrono::seconds{5};
};

} // namespace ottla
