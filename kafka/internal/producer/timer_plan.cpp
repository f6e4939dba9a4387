#include <ottla/kafka/internal/producer/timer_plan.hpp>

#include <algorithm>

namespace ottla::kafka {

std::optional<timer_plan::time> timer_plan::plan(time now, time next) {
  if (next == time::max())
    return std::nullopt;
  // A deadline far in the past would overflow.
  auto at = std::clamp(next, now, now + longest);
  if (!pending_.empty() && *pending_.begin() <= at)
    return std::nullopt;
  // Deadlines that come one shortly before the other share the earlier timer.
  if (const auto earlier = at - at.time_since_epoch() % time::duration{step}; earlier > now)
    at = earlier;
  pending_.insert(at);
  return at;
}

} // namespace ottla::kafka
