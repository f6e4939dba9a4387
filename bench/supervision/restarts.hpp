#pragma once

#include <ottla/actors/caf.hpp>

#include "support/otp_peer.hpp"

#include <chrono>
#include <cstddef>

namespace bench {

/// Each child is killed again when its replacement has answered and `gap` has passed.
struct restart_run {
  std::size_t restarts = 0;
  std::size_t children = 1;
  /// The time between an answer and the next kill.
  std::chrono::milliseconds gap{0};
  /// The child claims a name and is called by name. The floor ignores this.
  bool named = false;
  ottla::scheduling policy = ottla::scheduling::handoff;
};

/// Times from a kill to the replacement's first answer. A tenth as many restarts warm up.
struct restart_figures {
  double p50_us = 0;
  double p99_us = 0;
  double per_second = 0;
};

restart_figures restart_ours(const restart_run& how);
restart_figures restart_raw(const restart_run& how);

/// Starts a new supervisor after every `each` restarts, since OTP's supervisor walks the list of
/// all restarts within its period at each restart.
restart_figures restart_otp(otp_peer& otp, const restart_run& how, std::size_t each);

} // namespace bench
