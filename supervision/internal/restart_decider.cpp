#include <ottla/actors/internal/duration_text.hpp>
#include <ottla/supervision/internal/restart_decider.hpp>

#include <fmt/format.h>

namespace ottla {

namespace {

using decision = process_event::decision;

bool starts_again(restart_policy policy, const exit_reason& after) {
  return policy == restart_policy::permanent
         || (policy == restart_policy::transient && !after.orderly());
}

} // namespace

std::optional<restart_decider::choice> restart_decider::decide(const child_spec& child,
                                                               backoff* delays,
                                                               const exit_reason& why,
                                                               std::chrono::nanoseconds now) {
  if (!starts_again(child.restart, why))
    return std::nullopt;
  const bool too_many = !window_.add(now);
  const auto delay = delays == nullptr ? std::chrono::nanoseconds::zero() : delays->failed(now);
  if (too_many)
    return choice{.then = decision::give_up,
                  .why_given_up = fmt::format(
                    "more than {} restarts within {}; child \"{}\" ended last: {}", limit_.at_most,
                    detail::duration_text(limit_.within, " "), child.id, to_string(why))};
  if (child.give_up_after != 0 && delays != nullptr
      && delays->failures_in_a_row() >= child.give_up_after)
    return choice{.then = decision::give_up,
                  .why_given_up
                  = fmt::format("child \"{}\" failed {} times in a row, the last time: {}",
                                child.id, delays->failures_in_a_row(), to_string(why))};
  if (child.restart_delay && delay > delay.zero())
    return choice{.then = decision::wait, .delay = delay};
  return choice{.then = decision::restart};
}

} // namespace ottla
