#include <ottla/kafka/internal/group/rejoin_backoff.hpp>

#include <algorithm>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr double jitter = 0.2;
constexpr nanoseconds lasting = 10s;
constexpr nanoseconds longest_fence = 1h;

/// Only a handle that has proved to work resets the count, see rejoin_backoff::ended.
constexpr backoff_settings after_failures{.first = 500ms,
                                          .longest = 30s,
                                          .at_once = 1,
                                          .healthy_after = nanoseconds::max(),
                                          .jitter = jitter};

backoff_settings after_fences(nanoseconds session_timeout) {
  const auto first = std::min(session_timeout, longest_fence / 2) * 2;
  return {.first = first,
          .longest = longest_fence,
          .at_once = 0,
          .healthy_after = nanoseconds::max(),
          .jitter = jitter};
}

} // namespace

rejoin_backoff::rejoin_backoff(nanoseconds session_timeout, std::uint64_t seed)
  : fenced_settings_{after_fences(session_timeout)},
    seed_{seed},
    failures_{after_failures, seed},
    fenced_{fenced_settings_, seed},
    fruitless_{after_failures, seed} {}

void rejoin_backoff::opened(nanoseconds now) noexcept {
  opened_at_ = now;
  idle_since_.reset();
  is_proven_ = false;
  has_delivered_ = false;
}

void rejoin_backoff::checked(bool idle, nanoseconds now) noexcept {
  if (!idle)
    idle_since_.reset();
  else if (!idle_since_)
    idle_since_ = now;
  else if (now - *idle_since_ >= lasting)
    is_proven_ = true;
}

nanoseconds rejoin_backoff::ended(rejoin_cause why, nanoseconds now) {
  const auto opened_at = std::exchange(opened_at_, nanoseconds::max());
  const auto lasted = opened_at <= now ? now - opened_at : nanoseconds::zero();
  if (std::exchange(is_proven_, false)) {
    if (lasted >= lasting)
      failures_ = backoff{after_failures, seed_};
    if (lasted >= 2 * fenced_for_)
      fenced_ = backoff{fenced_settings_, seed_};
  }
  const bool delivered = std::exchange(has_delivered_, false);
  if (why == rejoin_cause::out_of_range)
    return out_of_range(now, delivered);
  if (why != rejoin_cause::fenced)
    return failures_.failed(now);
  fenced_for_ = fenced_.failed(now);
  return fenced_for_;
}

nanoseconds rejoin_backoff::out_of_range(nanoseconds now, bool delivered) {
  const auto last = std::exchange(out_of_range_at_, now);
  nanoseconds shortest{};
  if (last && now - *last < lasting)
    shortest = after_failures.first;
  if (!delivered)
    return std::max(fruitless_.failed(now), shortest);
  fruitless_ = backoff{after_failures, seed_};
  return shortest;
}

} // namespace ottla::kafka
