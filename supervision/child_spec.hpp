#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/actors/start.hpp>
#include <ottla/supervision/backoff.hpp>
#include <ottla/supervision/shutdown_policy.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// A child spec tells a supervisor how to start, restart and end one process. Specs go into
// application_spec, supervisor_spec and start_child. The supervisor keeps the spec, and starts each
// replacement of the process from it. `id` and `start` are required:
//
//     ottla::child_spec{
//       .id = "nightly_import",
//       .start = ottla::start<importer>(source_url),    // passes source_url to each constructor
//       .restart = ottla::restart_policy::transient,    // ends when everything is imported
//       .shutdown = 30s,                                // time to finish the current file
//       .restart_delay = ottla::backoff_settings{},     // the source may be down for a while
//     }
//
// How to choose the restart policy:
//
//   - permanent, the default: for a process that serves others and must always run.
//   - transient: for a process that can finish its task, such as an import. The supervisor restarts
//     the process after a crash, and leaves it down after an orderly end.
//   - temporary: for a process whose work is lost with it, such as the process of one connection.
//     Also for a process that its starter replaces.
//
// How to choose the shutdown:
//
//   - a time, 5 s by default: the longest time that server::terminate or process::shutdown needs.
//   - shutdown_policy::brutal_kill(): for a process that has nothing to finish. Its terminate()
//     does not run.
//   - shutdown_policy::infinity(): for a process with children, and the default of supervisors. A
//     worker that hangs delays the end of its supervisor, up to the application's stop_within.
//   - shutdown_policy::at_least(time): for a process that may use the whole time of a stop.
//   - shutdown_policy::at_most(time): for a process that may use at most a quarter of the time that
//     a stop has left.
//
// A process that has finished ends with exit_reason::normal() or shutdown(), and a transient child
// then stays down. A supervisor that gives up also ends with shutdown, so only a permanent
// supervisor is restarted by its own supervisor.

namespace ottla {

enum class restart_policy : std::uint8_t {
  /// Always restarted.
  permanent,
  /// Restarted unless it ended with normal or shutdown.
  transient,
  /// Never restarted, not even with its group (one_for_all, rest_for_one). Removed from the
  /// supervisor when it ends.
  temporary,
};

/// One child of a supervisor, as data.
struct child_spec {
  /// Unique among the siblings, except under a dynamic supervisor. Shown in trees and logs.
  /// Look-ups use the name.
  std::string id = {};
  start_function start = {};
  restart_policy restart = restart_policy::permanent;
  /// How the supervisor ends the process: a shutdown request, which calls process::shutdown, and a
  /// kill if the process has not ended in time. The default time is 5 s for a worker. A supervisor
  /// is never killed by default.
  shutdown_policy shutdown = {};
  /// Set to `supervisor` if the process has children of its own. A supervisor_spec sets it.
  child_type type = child_type::worker;
  /// Whether the child's end can end the supervisor. supervisor_spec::when_done says whether one
  /// such end suffices. Invalid for permanent children.
  bool significant = false;
  /// Name for look-ups, registered at each start before init runs. Empty for no name.
  std::string name = {};
  /// The thread of the process. `detached` is for handlers that block.
  execution run_as = execution::scheduled;
  /// Upper bound of the time for init, including a deferred start. When the time expires, the start
  /// fails and the supervisor kills the child, or fences a child that hangs. OTP: infinity.
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
  /// Not for programs. Faults of the spec that was converted to this child_spec, such as a
  /// supervisor_spec or a connection. validate() reports these faults too.
  std::vector<std::string> faults = {};
};

/// All faults of a spec, one line each. Empty if there are none.
std::vector<std::string> validate(const child_spec& spec);

/// All faults of the spec of a process to adopt. A temporary child needs no start function.
std::vector<std::string> validate_adopted(const child_spec& spec);

} // namespace ottla
