#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/exit_reason.hpp>
#include <ottla/actors/process_ref.hpp>
#include <ottla/actors/type_ids.hpp>

namespace ottla {

class process;

/// To a process that traps exits: a linked one has ended, or a stranger wants this one to end
/// (OTP's {'EXIT', Pid, Reason}). Comes to `on.cast`.
struct exited {
  /// Null where a name was linked to that nobody had.
  caf::actor_addr source = {};
  exit_reason reason = {};
};

/// Two processes share their end: when one ends other than normally, the other gets an exit with
/// its reason, on which it ends too unless it traps exits. One that was killed gives `killed`,
/// which can be trapped, a dead one or a name that nobody has `noproc`. To link twice is to link
/// once, to oneself does nothing. Neither keeps the other alive.
///
/// The other may be an actor that is no process: it gets CAF's exit_msg, with an error that says
/// "killed" for a kill. A supervisor and its children need no links.
///
/// Thread safety: from within the process itself, with `this`.
void link(process* self, const process_ref& whom);

/// Ends the link. Its exit does not come any more, even where the other has ended already, unless
/// the handlers have seen it. Give the handle that was linked: a name may have a new holder.
void unlink(process* self, const process_ref& whom);

} // namespace ottla

namespace ottla::detail {

/// From a process, or in its name, to one that is linked to it.
struct link_exit {
  caf::actor_addr source = {};
  exit_reason reason = {};
};

} // namespace ottla::detail

OTTLA_MESSAGES(ottla_link, ottla::actors_type_ids + 10, ottla::exited, ottla::detail::link_exit)
