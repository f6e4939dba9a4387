#pragma once

#include <ottla/actors/call.hpp>

#include <chrono>
#include <functional>

namespace ottla {

/// Asks a process to end with this reason, and tells `then` when it has: nothing where it ended as
/// asked, else the reason that it ended with, noproc where there was none, timeout where it still
/// runs. What it was sent before is finished first.
void stop(caf::event_based_actor* self, const process_ref& whom, exit_reason why,
          saturating<std::chrono::nanoseconds> within,
          std::function<void(const call_result<void>&)> then);

/// The same from a thread that is no actor's, and waits. Never in an actor's handler.
call_result<void> stop(caf::actor_system& system, const process_ref& whom,
                       exit_reason why = exit_reason::normal(),
                       saturating<std::chrono::nanoseconds> within = infinity);

} // namespace ottla
