#pragma once

#include <ottla/actors/exit_reason.hpp>
#include <ottla/supervision/backoff.hpp>
#include <ottla/supervision/child_spec.hpp>
#include <ottla/supervision/internal/restart_window.hpp>
#include <ottla/supervision/process_event.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace ottla {

/// Decides for one supervisor whether and when to restart a child that ended by itself or failed to
/// start.
class restart_decider {
public:
  struct choice {
    /// restart_decider chooses restart, wait or give_up.
    process_event::decision then = process_event::decision::restart;
    std::chrono::nanoseconds delay{};
    /// The reason in words if `then` is give_up.
    std::string why_given_up = {};
  };

  explicit restart_decider(restart_limit limit) : limit_{limit}, window_{limit} {}

  /// nullopt if the restart policy leaves the child down. Otherwise counts the restart. `delays`
  /// belongs to the child, and is null without restart_delay and give_up_after.
  std::optional<choice> decide(const child_spec& child, backoff* delays, const exit_reason& why,
                               std::chrono::nanoseconds now);

  /// Number of restarts within the period.
  std::size_t count() const noexcept { return window_.count(); }

private:
  restart_limit limit_;
  restart_window window_;
};

} // namespace ottla
