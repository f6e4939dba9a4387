#pragma once

#include <ottla/actors/exit_reason.hpp>
#include <ottla/supervision/backoff.hpp>
#include <ottla/supervision/child_spec.hpp>
#include <ottla/supervision/internal/restart_window.hpp>
#include <ottla/supervision/process_event.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace ottla {

/// Decides for one supervisor whether and when to restart a child that ended by itself or failed to
/// start.
class restart_decider {
public:
  struct choice {
    /// restart, wait or give_up. none if the child is not restarted.
    process_event::decision then = process_event::decision::none;
    std::chrono::nanoseconds delay{};
    /// The reason in words if `then` is give_up.
    std::string why_given_up = {};
  };

  explicit restart_decider(restart_limit limit) : limit_{limit}, window_{limit} {}

  /// Counts the end if the policy restarts the child. `delays` belongs to the child, and is null
  /// without restart_delay and give_up_after.
  choice decide(const child_spec& child, backoff* delays, const exit_reason& why,
                std::chrono::nanoseconds now);

  /// Number of restarts within the period.
  std::size_t count() const noexcept { return window_.count(); }

private:
  restart_limit limit_;
  restart_window window_;
};

} // namespace ottla
