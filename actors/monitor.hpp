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

/// One call of monitor, among those of a process.
struct monitor_ref {
  std::uint64_t number = 0;

  auto operator<=>(const monitor_ref&) const = default;
};

/// What was monitored has ended (OTP's {'DOWN', Ref, process, Object, Reason}). Comes to `on.cast`,
/// once for each call of monitor.
struct process_down {
  monitor_ref monitor = {};
  /// `noproc` where it had ended before, or nobody had the name.
  exit_reason reason = {};
  /// Null where nobody had the name.
  caf::actor_addr source = {};
  /// As it was monitored; empty for a handle.
  std::string name = {};
};

/// Tells this process when another ends, in the place that the end has among the messages from
/// there. It keeps nobody alive. In a process, whose base class has members of these names, write
/// `ottla::monitor(this, whom)` and `ottla::demonitor`. A supervisor watches its children without.
///
/// Thread safety: from within the process itself, with `this`.
monitor_ref monitor(process* self, const process_ref& whom);

/// No process_down of that monitor comes any more, even where it waits in the mailbox already.
void demonitor(process* self, monitor_ref which);

} // namespace ottla

namespace ottla::detail {

/// To the process that monitors. It looks first whether it still does.
struct monitor_fired {
  std::uint64_t number = 0;
  exit_reason reason = {};
};

} // namespace ottla::detail

OTTLA_MESSAGES(ottla_monitor, ottla::actors_type_ids + 20, ottla::process_down,
               ottla::detail::monitor_fired)
