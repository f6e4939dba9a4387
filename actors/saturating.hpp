#pragma once

#include <chrono>
#include <concepts>
#include <limits>
#include <ratio>
#include <type_traits>
#include <utility>

namespace ottla {

/// The longest duration of a timer, a hundred years. A longer wait has no deadline and no timer.
/// The sum of a clock's time and this value is always representable.
inline constexpr std::chrono::nanoseconds longest_wait = std::chrono::hours{24 * 365 * 100};

/// Converts a duration to `To`, clamped to the range of `To`. Fractions are cut off, as by
/// std::chrono::duration_cast, whose result is undefined if `To` is too small. Not-a-number becomes
/// zero.
template <class To, class Rep, class Period>
constexpr To saturate(std::chrono::duration<Rep, Period> from) noexcept {
  using rep = typename To::rep;
  static_assert(std::signed_integral<rep>, "ottla: a saturated duration must count in integers");
  using factor = std::ratio_divide<Period, typename To::period>;
  if constexpr (std::integral<Rep> && factor::num == 1) {
    const auto count
      = from.count() / static_cast<std::common_type_t<Rep, std::intmax_t>>(factor::den);
    if (std::cmp_greater(count, To::max().count()))
      return To::max();
    if (std::cmp_less(count, To::min().count()))
      return To::min();
    return To{static_cast<rep>(count)};
  } else if constexpr (std::integral<Rep> && factor::den == 1) {
    if (std::cmp_greater(from.count(), To::max().count() / factor::num))
      return To::max();
    if (std::cmp_less(from.count(), To::min().count() / factor::num))
      return To::min();
    return To{static_cast<rep>(static_cast<rep>(from.count()) * factor::num)};
  } else {
    const auto count = static_cast<long double>(from.count()) * factor::num / factor::den;
    if (count != count)
      return To::zero();
    if (count >= static_cast<long double>(To::max().count()))
      return To::max();
    if (count <= static_cast<long double>(To::min().count()))
      return To::min();
    return To{static_cast<rep>(count)};
  }
}

/// The type of every duration that a program passes to ottla. `saturating<std::chrono::seconds>` is
/// a std::chrono::seconds whose conversion from another unit saturates. With std::chrono alone the
/// conversion of `hours::max()` would overflow. Floating-point durations convert too. As in
/// std::chrono, a conversion that would lose a fraction of an integral duration does not compile.
template <class Duration>
class saturating : public Duration {
public:
  constexpr saturating() noexcept : Duration{Duration::zero()} {}
  constexpr explicit saturating(typename Duration::rep count) noexcept : Duration{count} {}

  template <class Rep, class Period>
  requires(std::is_floating_point_v<Rep> || std::ratio_divide<Period, typename Duration::period>::den == 1) constexpr saturating(
    std::chrono::duration<Rep, Period> from) noexcept
    : Duration{saturate<Duration>(from)} {}
};

/// `at + by`, clamped to the times that the clock can represent.
template <class Clock, class Duration>
constexpr std::chrono::time_point<Clock, Duration>
saturating_add(std::chrono::time_point<Clock, Duration> at,
               std::type_identity_t<Duration> by) noexcept {
  using time_point = std::chrono::time_point<Clock, Duration>;
  if (by > Duration::zero() && at > time_point::max() - by)
    return time_point::max();
  if (by < Duration::zero() && at < time_point::min() - by)
    return time_point::min();
  return at + by;
}

/// `at + by` for times that count from any fixed point, clamped to the representable durations.
template <class Rep, class Period>
constexpr std::chrono::duration<Rep, Period>
saturating_add(std::chrono::duration<Rep, Period> at,
               std::type_identity_t<std::chrono::duration<Rep, Period>> by) noexcept {
  using duration = std::chrono::duration<Rep, Period>;
  if (by > duration::zero() && at > duration::max() - by)
    return duration::max();
  if (by < duration::zero() && at < duration::min() - by)
    return duration::min();
  return at + by;
}

} // namespace ottla
