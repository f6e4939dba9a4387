#pragma once

#include <ottla/actors/start.hpp>

#include <chrono>
#include <string_view>

namespace ottla {

/// How long a process that gets a shutdown request now may take for its work. Outside a stop of the
/// application, this is the shutdown time of its child_spec. In a stop, this is the process's share
/// of the stop. The supervisor may kill the process earlier in a stop, unless the spec has
/// shutdown_policy::at_least. In both cases the result ends a little before the kill, so that the
/// process can still report unfinished work. nanoseconds::max() if there is no limit. `now` is the
/// time of the actors' clock.
std::chrono::nanoseconds time_to_end(const process_context& of, std::chrono::nanoseconds now);

/// Adds a line to stop_report::unfinished. Ignored outside a stop of the application.
void leave_unfinished(const process_context& of, std::string_view what);

} // namespace ottla
