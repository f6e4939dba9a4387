#pragma once

#include <ottla/actors/saturating.hpp>

#include <chrono>
#include <cstdint>

namespace ottla {

enum class child_type : std::uint8_t { worker, supervisor };

/// How a supervisor ends a child.
class shutdown_policy {
public:
  /// The default of the child's type: 5 s for workers, infinity for supervisors.
  constexpr shutdown_policy() = default;

  /// A shutdown request, followed by a kill after `patience`.
  template <class Rep, class Period>
  constexpr shutdown_policy(std::chrono::duration<Rep, Period> patience)
    : patience_{saturating<std::chrono::nanoseconds>{patience}} {
    // A patience of nanoseconds::min() is negative and must fail validate(), so it must differ from
    // `unset`.
    if (patience_ == unset)
      patience_ += std::chrono::nanoseconds{1};
  }

  /// A kill at once, without a request.
  static constexpr shutdown_policy brutal_kill() {
    return shutdown_policy{std::chrono::nanoseconds::zero()};
  }

  /// A shutdown request without a kill.
  static constexpr shutdown_policy infinity() {
    return shutdown_policy{std::chrono::nanoseconds::max()};
  }

  /// A shutdown request, followed by a kill after `patience`. In a stop of the application the kill
  /// waits at least until the stop's deadline. For processes that finish work first, and call
  /// time_to_end() to learn how much time is left.
  template <class Rep, class Period>
  static constexpr shutdown_policy at_least(std::chrono::duration<Rep, Period> patience) {
    shutdown_policy result{patience};
    result.in_a_stop_ = bend::longer;
    return result;
  }

  /// A shutdown request, followed by a kill after `patience`. In a stop of the application the kill
  /// comes at the latest after a quarter of the remaining time.
  template <class Rep, class Period>
  static constexpr shutdown_policy at_most(std::chrono::duration<Rep, Period> patience) {
    shutdown_policy result{patience};
    result.in_a_stop_ = bend::shorter;
    return result;
  }

  constexpr std::chrono::nanoseconds patience(child_type of) const {
    if (patience_ != unset)
      return patience_;
    return of == child_type::worker ? std::chrono::nanoseconds{std::chrono::seconds{5}}
                                    : std::chrono::nanoseconds::max();
  }

  /// The patience in a stop of the application that ends in `left`.
  constexpr std::chrono::nanoseconds patience(child_type of, std::chrono::nanoseconds left) const {
    const auto usual = patience(of);
    switch (in_a_stop_) {
      case bend::never: break;
      case bend::longer: return left + a_moment > usual ? left + a_moment : usual;
      case bend::shorter: return left / 4 < usual ? left / 4 : usual;
    }
    return usual;
  }

private:
  enum class bend : std::uint8_t { never, longer, shorter };
  /// Added to `left`, so that a process that uses the whole stop can still end by itself.
  static constexpr std::chrono::nanoseconds a_moment = std::chrono::seconds{1};
  static constexpr auto unset = std::chrono::nanoseconds::min();
  std::chrono::nanoseconds patience_ = unset;
  bend in_a_stop_ = bend::never;
};

} // namespace ottla
