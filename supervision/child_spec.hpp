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
  /// Never restarted, and removed from the supervisor when it ends.
  temporary,
};

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
  /// waits until the stop's deadline if that is later. For processes that finish work and use
  /// time_to_end to meet the stop's deadline.
  template <class Rep, class Period>
  static constexpr shutdown_policy at_least(std::chrono::duration<Rep, Period> patience) {
    shutdown_policy result{patience};
    result.in_a_stop_ = bend::longer;
    return result;
  }

  /// A shutdown request, followed by a kill after `patience`. In a stop of the application the kill
  /// comes after a quarter of the remaining time if that is sooner.
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

/// One child of a supervisor, as data.
struct child_spec {
  /// Unique among the siblings, except under a dynamic supervisor. Shown in trees and logs.
  /// Look-ups use the name.
  std::string id = {};
  start_function start = {};
  restart_policy restart = restart_policy::permanent;
  shutdown_policy shutdown = {};
  child_type type = child_type::worker;
  /// Whether the child's end can end the supervisor, see auto_shutdown. Invalid for permanent
  /// children.
  bool significant = false;
  /// Name for look-ups, registered at each start before init runs. Empty for no name.
  std::string name = {};
  execution run_as = execution::scheduled;
  /// Upper bound of init, deferred or not. When it expires, the start fails and the supervisor
  /// kills the child, or fences a child that hangs. OTP: infinity.
  saturating<std::chrono::nanoseconds> start_timeout = std::chrono::nanoseconds::max();
  /// Delay before each restart. nullopt for none, as in OTP. With one_for_all and rest_for_one, the
  /// longest delay of the group applies, and the group stays stopped until the delay is over.
  std::optional<backoff_settings> restart_delay = {};
  /// Number of consecutive failures after which the supervisor gives up, however far apart the
  /// failures are. 0 means never. `healthy` says what resets the count.
  std::size_t give_up_after = 0;
  /// What resets the failure count of restart_delay and give_up_after. `lasting` resets it after
  /// backoff_settings::healthy_after. `reported` resets it only when the child calls
  /// process::report_healthy. Without that call the delays only grow.
  healthy_when healthy = healthy_when::lasting;
  /// Faults of the supervisor's spec from which this spec was converted. validate() reports these
  /// faults too.
  std::vector<std::string> faults = {};
};

/// All faults of a spec, one line each. Empty if there are none.
std::vector<std::string> validate(const child_spec& spec);

/// All faults of the spec of a process to adopt. A temporary child needs no start function.
std::vector<std::string> validate_adopted(const child_spec& spec);

} // namespace ottla
