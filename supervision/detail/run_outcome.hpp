#pragma once

#include <ottla/actors/exit_reason.hpp>
#include <ottla/supervision/application.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace ottla::detail {

/// Waits for what processes have left to threads of the background, such as Kafka handles on their
/// leave of a group. What is not done when only `for_cutting` is left is cut short, and `report`
/// names it.
void await_background(stop_report& report, const std::function<std::chrono::nanoseconds()>& left,
                      std::chrono::nanoseconds for_cutting);

/// Prints what a stop of `run` has left undone, and why the root ended by itself. Answers the exit
/// status. Leaves the process at once where a handler is stuck and the program does not exit
/// anyway.
int print_outcome(const std::string& id, const std::optional<exit_reason>& why,
                  const stop_report& stopped, bool program_exits);

} // namespace ottla::detail
