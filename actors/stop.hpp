#pragma once

#include <ottla/actors/call.hpp>

#include <chrono>
#include <functional>

namespace ottla {

/// Asks a process to end with `why`, and calls `then` when it has ended. The result is empty if the
/// process ended as asked. Else the error is its exit reason, `noproc` if there was no such
/// process, or `timeout` if it still runs. The process handles earlier messages first.
void stop(caf::event_based_actor* self, const process_ref& whom, exit_reason why,
          saturating<std::chrono::nanoseconds> within,
          std::function<void(const call_result<void>&)> then);

/// The same from a thread outside the actor system; waits for the end. Never call it in a handler.
call_result<void> stop(caf::actor_system& system, const process_ref& whom,
                       exit_reason why = exit_reason::normal(),
                       saturating<std::chrono::nanoseconds> within = infinity);

} // namespace ottla
