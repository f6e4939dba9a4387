#include <ottla/supervision/stop_deadline.hpp>

#include <algorithm>

namespace ottla {

namespace {

constexpr stop_deadline::time longest = std::chrono::hours{24 * 365};

} // namespace

void stop_deadline::begin(time now, time within) noexcept {
  end_.store(now + std::clamp(within, time::zero(), longest), std::memory_order_relaxed);
}

stop_deadline::time stop_deadline::left(time now) const noexcept {
  const auto end = end_.load(std::memory_order_relaxed);
  return end == none ? none : std::max(end - now, time::zero());
}

stop_deadline::time stop_deadline::share(time now) const noexcept {
  const auto rest = left(now);
  if (rest == none)
    return none;
  const auto claims = std::max<std::size_t>(claims_.load(std::memory_order_relaxed), 1);
  return time{static_cast<time::rep>(static_cast<double>(rest.count()) * 4.0
                                     / static_cast<double>(claims + 3))};
}

} // namespace ottla
