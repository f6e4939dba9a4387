#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/exit_reason.hpp>
#include <ottla/actors/process_ref.hpp>
#include <ottla/actors/type_ids.hpp>

namespace ottla {

class process;

/// To a process that traps exits: a linked process has ended, or a stranger asks this process to
/// end (OTP's {'EXIT', Pid, Reason}). Handled by `on.cast`.
struct exited {
  /// Null if the link was to a name that no process had.
  caf::actor_addr source = {};
  exit_reason reason = {};
};

/// Links two processes. When one ends other than normally, the other gets an exit with the same
/// reason, and ends too unless it traps exits. A killed process causes `killed`, which can be
/// trapped; a dead process or an unknown name causes `noproc`. A second link to the same process
/// changes nothing, and neither does a link to oneself. A link keeps neither process alive.
///
/// `whom` may be an actor that is no ottla::process: it gets CAF's exit_msg, with an error that
/// says "killed" for a kill. A supervisor and its children need no links.
///
/// Thread safety: call from the process itself, with `this`.
void link(process* self, const process_ref& whom);

/// Removes the link. The exit does not arrive any more, even if `whom` has already ended, unless
/// the handlers have seen it. Pass the handle that was linked: a name may have a new holder.
void unlink(process* self, const process_ref& whom);

} // namespace ottla

namespace ottla::detail {

/// Sent by a process, or in its name, to a linked process.
struct link_exit {
  caf::actor_addr source = {};
  exit_reason reason = {};
};

} // namespace ottla::detail

OTTLA_MESSAGES(ottla_link, ottla::actors_type_ids + 10, ottla::exited, ottla::detail::link_exit)
