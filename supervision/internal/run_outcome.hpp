#pragma once

#include <ottla/actors/exit_reason.hpp>
#include <ottla/supervision/application.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace ottla::detail {

/// Waits for background work, such as Kafka handles that leave their groups. Cuts dispensable work
/// short at once, and owed work when only `for_cutting` of the time is left. Adds the owed work
/// that was cut short to `report`.
void await_background(stop_report& report, const std::function<std::chrono::nanoseconds()>& left,
                      std::chrono::nanoseconds for_cutting);

/// Prints the work that a stop of `run` left unfinished, and why the root ended by itself. Returns
/// the exit status. If a handler is stuck, ends the process at once, except during an exit of the
/// program.
int print_outcome(const std::string& id, const std::optional<exit_reason>& why,
                  const stop_report& stopped, bool program_exits);

} // namespace ottla::detail
