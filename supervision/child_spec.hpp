#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/actors/start.hpp>
#include <ottla/supervision/backoff.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ottla {

enum class restart_policy : std::uint8_t {
  /// Always restarted.
  permanent,
  /// Restarted unless it ended with normal or shutdown.
  transient,
  /// Never restarted, and forgotten when it ends.
  temporary,
};

enum class child_type : std::uint8_t { worker, supervisor };

/// How a child is asked to end.
class shutdown_policy {
public:
  /// The default of the child's type: 5 s for workers, infinity for supervisors.
  constexpr shutdown_policy() = default;

  /// A shutdown request, and a kill after `patience`.
  template <class Rep, class Period>
  constexpr shutdown_policy(std::chrono::duration<Rep, Period> patience)
    : patience_{saturating<std::chrono::nanoseconds>{patience}} {
    // nanoseconds::min() is a negative duration like any other, not `unset`.
    if (patience_ == unset)
      patience_ += std::chrono::nanoseconds{1};
  }

  /// Killed at once.
  static constexpr shutdown_policy brutal_kill() {
    return shutdown_policy{std::chrono::nanoseconds::zero()};
  }

  static constexpr shutdown_policy infinity() {
    return shutdown_policy{std::chrono::nanoseconds::max()};
  }

  /// A shutdown request, and a kill after `patience`. In a stop of the application the kill waits
  /// as long as the stop does. For processes that finish work and watch the stop's deadline
  /// themselves (see time_to_end).
  template <class Rep, class Period>
  static constexpr shutdown_policy at_least(std::chrono::duration<Rep, Period> patience) {
    shutdown_policy result{patience};
    result.in_a_stop_ = bend::longer;
    return result;
  }

  /// A shutdown request, and a kill after `patience`. In a stop of the application the kill comes
  /// after a quarter of the time that is left, if that is sooner.
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

  /// The same in a stop of the application that has `left` until its end.
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
  /// For the end of a process that has used all of the stop.
  static constexpr std::chrono::nanoseconds a_moment = std::chrono::seconds{1};
  static constexpr auto unset = std::chrono::nanoseconds::min();
  std::chrono::nanoseconds patience_ = unset;
  bend in_a_stop_ = bend::never;
};

/// One child of a supervisor, as data.
struct child_spec {
  /// Unique among the siblings, except under a dynamic supervisor. For trees and logs; look-ups use
  /// the name.
  std::string id = {};
  start_function start = {};
  restart_policy restart = restart_policy::permanent;
  shutdown_policy shutdown = {};
  child_type type = child_type::worker;
  /// Its end can end the supervisor, see auto_shutdown. Not for permanent children.
  bool significant = false;
  /// Registered at each start, before init runs; empty if there is none.
  std::string name = {};
  execution run_as = execution::scheduled;
  /// Longest time for init, deferred or not. After it the child is killed, or fenced if it hangs,
  /// and the start has failed. OTP: infinity.
  saturating<std::chrono::nanoseconds> start_timeout = std::chrono::nanoseconds::max();
  /// Delay before each restart; nullopt for none, as in OTP. In a group strategy the longest delay
  /// of the group applies, and the group stays stopped meanwhile.
  std::optional<backoff_settings> restart_delay = {};
  /// Number of failures in a row (see `healthy`) after which the supervisor gives up, however far
  /// apart they are; 0 means never.
  std::size_t give_up_after = 0;
  /// When restart_delay and give_up_after forget earlier failures. With `reported` only a call of
  /// process::report_healthy counts: the delays of a child that never makes it only grow. Default:
  /// after backoff_settings::healthy_after.
  healthy_when healthy = healthy_when::lasting;
  /// Faults of the supervisor's spec that was converted to this spec. validate() reports them with
  /// its own.
  std::vector<std::string> faults = {};
};

/// All that is wrong with a spec, one line each; empty when nothing is.
std::vector<std::string> validate(const child_spec& spec);

/// The same for a running process to adopt, which needs no start function if it is temporary.
std::vector<std::string> validate_adopted(const child_spec& spec);

} // namespace ottla
