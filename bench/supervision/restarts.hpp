#pragma once

#include <ottla/actors/caf.hpp>

#include "support/otp_peer.hpp"

#include <chrono>
#include <cstddef>

namespace bench {

/// Children are killed one after the other, or each as soon as its replacement has answered.
struct restart_run {
  std::size_t restarts = 0;
  std::size_t children = 1;
  /// Between an answer and the next kill.
  std::chrono::milliseconds gap{0};
  /// The child claims a name and is called by it. Not at the floor.
  bool named = false;
  ottla::scheduling policy = ottla::scheduling::handoff;
};

/// From the kill until the replacement has answered a call. The first tenth does not count.
struct restart_figures {
  double p50_us = 0;
  double p99_us = 0;
  double per_second = 0;
};

restart_figures restart_ours(const restart_run& how);
restart_figures restart_raw(const restart_run& how);

/// A new supervisor each so many restarts: OTP's walks the list of those within its period at
/// every restart.
restart_figures restart_otp(otp_peer& otp, const restart_run& how, std::size_t each);

} // namespace bench
