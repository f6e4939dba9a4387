#include <ottla/actors/stderr_lines.hpp>
#include <ottla/supervision/internal/leave_process.hpp>
#include <ottla/supervision/internal/print_outcome.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>

namespace ottla::detail {

int print_outcome(const std::string& id, const std::optional<exit_reason>& why,
                  const stop_report& stopped, bool program_exits) {
  for (const auto& line : stopped.unfinished)
    print_line(fmt::format("\"{}\" stopped with unfinished work: {}", id, line));
  if (!stopped.left.empty()) {
    // Needs no thread of the scheduler, since stuck handlers may block all of these threads.
    print_line(fmt::format("\"{}\" did not stop in time, ending the process. Still running: {}", id,
                           fmt::join(stopped.left, ", ")));
    if (!program_exits)
      leave_process(EXIT_FAILURE);
    return EXIT_FAILURE;
  }
  if (!stopped.killed.empty()) {
    print_line(fmt::format("\"{}\" did not stop in time. Killed or cut short: {}", id,
                           fmt::join(stopped.killed, ", ")));
    return EXIT_FAILURE;
  }
  if (program_exits || !why || (why->orderly() && why->text.empty()))
    return stopped.unfinished.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
  print_line(fmt::format("\"{}\" ended: {}", id, to_string(*why)));
  return EXIT_FAILURE;
}

} // namespace ottla::detail
