#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/exit_reason.hpp>
#include <ottla/actors/process_ref.hpp>
#include <ottla/actors/type_ids.hpp>

#include <compare>
#include <cstdint>
#include <string>

namespace ottla {

class process;

/// Identifies one call of monitor in a process.
struct monitor_ref {
  std::uint64_t number = 0;

  auto operator<=>(const monitor_ref&) const = default;
};

/// A monitored process has ended (OTP's {'DOWN', Ref, process, Object, Reason}). Handled by
/// `on.cast`. Each call of monitor causes one process_down.
struct process_down {
  monitor_ref monitor = {};
  /// `noproc` if the process had already ended, or if no process held the name.
  exit_reason reason = {};
  /// The process that ended. Null if no process held the name.
  caf::actor_addr source = {};
  /// The monitored name. Empty if a handle was monitored.
  std::string name = {};
};

/// Sends a process_down to `self` when `whom` ends. The process_down arrives after all messages
/// that `whom` sent. A monitor keeps no process alive. Inside a process write `ottla::monitor(this,
/// whom)` and `ottla::demonitor`, since CAF's base class has members with these names. A supervisor
/// needs no monitors for its children.
///
/// Thread safety: call from the process itself, with `this`.
monitor_ref monitor(process* self, const process_ref& whom);

/// Removes a monitor. Its process_down does not arrive, even if it already waits in the mailbox.
void demonitor(process* self, monitor_ref which);

} // namespace ottla

namespace ottla::detail {

/// Sent to the monitoring process, which drops the message after a demonitor.
struct monitor_fired {
  std::uint64_t number = 0;
  exit_reason reason = {};
};

} // namespace ottla::detail

OTTLA_MESSAGES(ottla_monitor, ottla::actors_type_ids + 20, ottla::process_down,
               ottla::detail::monitor_fired)
