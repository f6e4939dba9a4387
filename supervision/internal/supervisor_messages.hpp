#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/type_ids.hpp>

#include <chrono>
#include <cstdint>
#include <string>

// The messages that a supervisor sends to itself.

namespace ottla::detail {

/// A timer has fired. `at` distinguishes the current timer from stale timers.
struct wake_up {
  std::chrono::nanoseconds at{};
};

/// A start function threw, or returned no process.
struct start_refused {
  std::uint64_t key = 0;
  std::string text = {};
};

/// `whom` was dead, but its last callback had not returned yet.
struct recheck_down {
  caf::actor_addr whom = {};
  caf::error why = {};
};

/// The supervisor takes the next step. Sent at its start and after a failed start, so that a
/// shutdown can come first. All other steps follow without a message.
struct next_step {};

} // namespace ottla::detail

OTTLA_MESSAGES(ottla_supervisor_steps, ottla::supervision_type_ids + 40, ottla::detail::wake_up,
               ottla::detail::start_refused, ottla::detail::recheck_down, ottla::detail::next_step)
