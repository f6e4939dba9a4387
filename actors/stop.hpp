#pragma once

#include <ottla/actors/call.hpp>

#include <chrono>
#include <functional>

namespace ottla {

/// Asks a process to end with `why`, and calls `then` when the process has ended or `within`
/// has passed. The call succeeds if the process ended with `why`. Otherwise the error is the
/// process's exit reason, `noproc` if there was no such process, or `timeout` if the process still
/// runs. The process handles earlier messages first.
void stop(caf::event_based_actor* self, const process_ref& whom, exit_reason why,
          saturating<std::chrono::nanoseconds> within,
          std::function<void(const call_result<void>&)> then);

/// Asks a process to end, from a thread outside the actor system, and waits for its end. Has the
/// same results as the function above. Never call this in a handler.
call_result<void> stop(caf::actor_system& system, const process_ref& whom,
                       exit_reason why = exit_reason::normal(),
                       saturating<std::chrono::nanoseconds> within = infinity);

} // namespace ottla
