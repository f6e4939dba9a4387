#pragma once

#include <ottla/actors/start.hpp>

#include <chrono>
#include <string_view>

namespace ottla {

/// How long a process that gets a shutdown request now may take for its work. Outside a stop of the
/// application, this is a little less than the shutdown time of its child_spec. The rest is for a
/// report of unfinished work. nanoseconds::max() if the child_spec has no limit. In a stop, this is
/// the process's share of the stop. A child_spec without shutdown_policy::at_least may cause an
/// earlier kill in a stop. `now` is the time of the actors' clock.
std::chrono::nanoseconds time_to_end(const process_context& of, std::chrono::nanoseconds now);

/// Adds a line to stop_report::unfinished. Ignored outside a stop of the application.
void leave_unfinished(const process_context& of, std::string_view what);

} // namespace ottla
