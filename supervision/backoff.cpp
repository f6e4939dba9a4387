#include <ottla/supervision/backoff.hpp>

#include <algorithm>

namespace ottla {

std::chrono::nanoseconds backoff::failed(std::chrono::nanoseconds now) {
  if (running_since_ <= now && now - running_since_ >= settings_.healthy_after)
    failures_ = 0;
  running_since_ = std::chrono::nanoseconds::max();
  ++failures_;
  if (failures_ <= settings_.at_once)
    return std::chrono::nanoseconds::zero();
  auto delay = settings_.first;
  for (auto doubled = settings_.at_once + 1; doubled < failures_ && delay > delay.zero();
       ++doubled) {
    if (delay > settings_.longest / 2)
      return settings_.longest;
    delay *= 2;
  }
  return std::min(delay, settings_.longest);
}

} // namespace ottla
