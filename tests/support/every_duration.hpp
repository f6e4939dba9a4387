#pragma once

#include <chrono>
#include <limits>

namespace ottla::test {

/// The longest duration of several units. All these durations except nanoseconds::max() overflow in
/// nanoseconds.
template <class Check>
void each_longest(Check check) {
  check(std::chrono::hours::max());
  check(std::chrono::seconds::max());
  check(std::chrono::milliseconds::max());
  check(std::chrono::nanoseconds::max());
  check(std::chrono::duration<double>{std::numeric_limits<double>::infinity()});
}

/// Negative durations, including the lowest of several units.
template <class Check>
void each_negative(Check check) {
  check(std::chrono::hours::min());
  check(std::chrono::seconds::min());
  check(std::chrono::nanoseconds::min());
  check(std::chrono::seconds{-1});
  check(std::chrono::nanoseconds{-1});
  check(std::chrono::duration<double>{-std::numeric_limits<double>::infinity()});
}

/// Zero in several units.
template <class Check>
void each_zero(Check check) {
  check(std::chrono::hours{0});
  check(std::chrono::nanoseconds{0});
  check(std::chrono::duration<double>{0});
}

} // namespace ottla::test
