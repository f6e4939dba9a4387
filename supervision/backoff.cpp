#include <ottla/actors/internal/duration_text.hpp>
#include <ottla/supervision/backoff.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace ottla {

namespace {

/// Maps a number to the range from 0 to 1, as evenly as a hash: splitmix64, by Steele, Lea and
/// Flood, 2014.
double unit_interval(std::uint64_t number) {
  number += 0x9e3779b97f4a7c15;
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
  number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
  number ^= number >> 31;
  return static_cast<double>(number >> 11) * 0x1.0p-53;
}

} // namespace

std::vector<std::string> validate(const backoff_settings& settings, std::string_view whose) {
  std::vector<std::string> wrong;
  const auto check = [&](std::string_view field, std::chrono::nanoseconds value) {
    if (value < std::chrono::nanoseconds::zero())
      wrong.push_back(fmt::format("{}: {} must not be negative, got {}", whose, field,
                                  detail::duration_text(value)));
  };
  check("first", settings.first);
  check("longest", settings.longest);
  check("healthy_after", settings.healthy_after);
  if (!(settings.jitter >= 0 && settings.jitter <= 1))
    wrong.push_back(fmt::format("{}: jitter must be from 0 to 1, got {}", whose, settings.jitter));
  return wrong;
}

void backoff::reported_healthy() noexcept {
  if (healthy_ == healthy_when::reported && running_since_ != not_running)
    failures_ = 0;
}

void backoff::stopped(std::chrono::nanoseconds now) {
  if (healthy_ == healthy_when::lasting && running_since_ <= now
      && now - running_since_ >= settings_.healthy_after)
    failures_ = 0;
  running_since_ = not_running;
}

std::chrono::nanoseconds backoff::failed(std::chrono::nanoseconds now) {
  stopped(now);
  ++failures_;
  if (failures_ <= settings_.at_once)
    return std::chrono::nanoseconds::zero();
  const auto delay = full_delay();
  if (settings_.jitter <= 0)
    return delay;
  const auto off = settings_.jitter * unit_interval(seed_ + failures_);
  return delay - saturate<std::chrono::nanoseconds>(off * delay);
}

std::chrono::nanoseconds backoff::full_delay() const {
  std::chrono::nanoseconds delay = settings_.first;
  for (auto doubled = settings_.at_once + 1; doubled < failures_ && delay > delay.zero();
       ++doubled) {
    if (delay > settings_.longest / 2)
      return settings_.longest;
    delay *= 2;
  }
  return std::min<std::chrono::nanoseconds>(delay, settings_.longest);
}

} // namespace ottla
