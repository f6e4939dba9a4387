#include <ottla/actors/background_work.hpp>
#include <ottla/actors/stderr_lines.hpp>
#include <ottla/supervision/internal/leave_process.hpp>
#include <ottla/supervision/internal/run_outcome.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>

namespace ottla::detail {

void await_background(stop_report& report, const std::function<std::chrono::nanoseconds()>& left,
                      std::chrono::nanoseconds for_cutting) {
  cut_background_work_short(background::dispensable);
  const auto patience = std::max(left() - for_cutting, std::chrono::nanoseconds::zero());
  if (!wait_for_background_work(patience, background::owed)) {
    auto cut_short = cut_background_work_short();
    std::ranges::move(cut_short, std::back_inserter(report.killed));
    if (!wait_for_background_work(for_cutting, background::owed))
      report.left = names_of_background_work();
  }
  wait_for_background_work(left());
}

int print_outcome(const std::string& id, const std::optional<exit_reason>& why,
                  const stop_report& stopped, bool program_exits) {
  for (const auto& line : stopped.unfinished)
    print_line(fmt::format("\"{}\" stopped with unfinished work: {}", id, line));
  if (!stopped.left.empty()) {
    // Print on this thread, since stuck handlers may block all threads of the scheduler.
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
