#include <ottla/supervision/stop_deadline.hpp>

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
  const auto claims = std::max<std::size_t>(claims_.load(std::memory_order_relaxed), 1);
  const auto of_rest = [&](double part) {
    return time{static_cast<time::rep>(static_cast<double>(rest.count()) * part)};
  };
  const auto fair = of_rest(4.0 / static_cast<double>(claims + 3));
  const auto kept = static_cast<double>(reserve_.load(std::memory_order_relaxed).count())
                    * static_cast<double>(claims - 1);
  return kept < static_cast<double>(rest.count())
           ? std::max(fair, rest - time{static_cast<time::rep>(kept)})
           : fair;
}

} // namespace ottla
