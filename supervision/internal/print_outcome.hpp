#pragma once

#include <ottla/actors/exit_reason.hpp>
#include <ottla/supervision/application.hpp>

#include <optional>
#include <string>

namespace ottla::detail {

/// Prints the work that a stop of `run` left unfinished, and why the root ended by itself. Returns
/// the exit status. If a handler is stuck, ends the process at once, except during an exit of the
/// program.
int print_outcome(const std::string& id, const std::optional<exit_reason>& why,
                  const stop_report& stopped, bool program_exits);

} // namespace ottla::detail
