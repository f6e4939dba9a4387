#include <ottla/supervision/internal/stop_deadline.hpp>

#include <algorithm>

namespace ottla {

namespace {

constexpr stop_deadline::time longest = std::chrono::hours{24 * 365};
constexpr stop_deadline::time longest_reserve = std::chrono::milliseconds{500};

} // namespace

void stop_deadline::begin(time now, time within) noexcept {
  const auto whole = std::clamp(within, time::zero(), longest);
  reserve_.store(std::min(whole / 20, longest_reserve), std::memory_order_relaxed);
  end_.store(now + whole, std::memory_order_relaxed);
}

stop_deadline::time stop_deadline::left(time now) const noexcept {
  const auto end = end_.load(std::memory_order_relaxed);
  return end == none ? none : std::max(end - now, time::zero());
}

stop_deadline::time stop_deadline::share(time now) const noexcept {
  const auto rest = left(now);
  if (rest == none)
    return none;
  const auto others = std::max<std::size_t>(claims_.load(std::memory_order_relaxed), 1) - 1;
  const auto of_rest = static_cast<double>(rest.count()) * 4.0 / static_cast<double>(others + 4);
  const time fair{static_cast<time::rep>(of_rest)};
  const auto kept = reserve_.load(std::memory_order_relaxed) * static_cast<time::rep>(others);
  return std::max(fair, rest - kept);
}

} // namespace ottla
