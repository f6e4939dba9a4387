#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/exit_reason.hpp>
#include <ottla/actors/process_ref.hpp>
#include <ottla/actors/type_ids.hpp>

namespace ottla {

class process;

/// Sent to a process that traps exits: a linked process has ended, or an actor that is not the
/// supervisor asks this process to end (OTP's {'EXIT', Pid, Reason}). Handled by `on.cast`.
struct exited {
  /// The ended process or the asking actor. Null if the link was to a name that no process held.
  caf::actor_addr source = {};
  exit_reason reason = {};
};

/// Links two processes. When one process ends with a reason other than normal, the other process
/// gets an exit with the same reason, and ends too unless it traps exits. The kill of a process
/// arrives as `killed`, which can be trapped. A link to a dead process or an unknown name causes an
/// exit with `noproc`. A second link to the same process and a link to oneself have no effect. A
/// link keeps neither process alive.
///
/// `whom` may be a plain CAF actor, which gets CAF's exit_msg. If the linked process was killed,
/// the error of that message has the text "killed". A supervisor and its children need no links.
///
/// Thread safety: call from the process itself, with `this`.
void link(process* self, const process_ref& whom);

/// Removes the link. After an unlink no exit of `whom` arrives, even if `whom` has already ended.
/// Pass the handle that was linked, since a name may have a new holder.
void unlink(process* self, const process_ref& whom);

} // namespace ottla

namespace ottla::detail {

/// Sent to a linked process when the process `source` ends.
struct link_exit {
  caf::actor_addr source = {};
  exit_reason reason = {};
};

} // namespace ottla::detail

OTTLA_MESSAGES(ottla_link, ottla::actors_type_ids + 10, ottla::exited, ottla::detail::link_exit)
