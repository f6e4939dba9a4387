// The stop of an application and its report.

#include <ottla/actors/background_work.hpp>
#include <ottla/actors/caf_blocking.hpp>
#include <ottla/actors/stderr_lines.hpp>
#include <ottla/supervision/internal/application_implementation.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <thread>
#include <utility>

namespace ottla {

std::chrono::nanoseconds
application::implementation::time_for_kills(std::chrono::nanoseconds stop_within) {
  return std::min<std::chrono::nanoseconds>(stop_within / 10, longest_for_kills);
}

std::chrono::nanoseconds
application::implementation::time_for_processes(std::chrono::nanoseconds stop_within) {
  return stop_within - time_for_kills(stop_within) / 2 * 3;
}

std::chrono::nanoseconds application::implementation::for_kills() const {
  return time_for_kills(stop_within);
}

const stop_report& application::implementation::stop() {
  static const stop_report nothing_to_stop;
  if (is_forked())
    return nothing_to_stop;
  const std::lock_guard lock{stopping};
  // If the start failed at once, there is no keeper.
  if (!keeper)
    return stopped ? *stopped : stopped.emplace();
  deadline = after(stop_within);
  if (!is_virtual)
    limit_background_work(deadline);
  const bool first = !stopped;
  if (first) {
    stopped.emplace();
    tree->kills.tree_ends();
    tree->stop.begin(system->clock().now().time_since_epoch(), tree->stop_within);
    request_exit(keeper, to_error(exit_reason::shutdown()));
  }
  std::vector<std::string> overdue;
  if (first && !wait_ended(deadline - for_kills())) {
    for (const auto& each : processes->living())
      if (each.is_ending)
        overdue.push_back(each.path);
    kill(keeper);
  }
  stopped->left = wait_all_gone(deadline) ? std::vector<std::string>{} : still_there();
  stopped->unfinished = tree->unfinished.lines();
  for (auto& each : tree->kills.paths())
    overdue.push_back(std::move(each));
  if (hook.failure())
    overdue.push_back("join_threads: " + *hook.failure());
  for (auto& each : overdue)
    if (std::ranges::find(stopped->killed, each) == stopped->killed.end())
      stopped->killed.push_back(std::move(each));
  return *stopped;
}

bool application::implementation::is_gone() {
  if (!stopped)
    stop();
  const std::lock_guard lock{stopping};
  const bool tree_is_gone = wait_ended(now()) && wait_tree_gone(now());
  return stopped->left.empty() || (tree_is_gone && wait_all_gone(after(least_for_system)));
}

bool application::implementation::wait_ended(steady::time_point until) {
  if (is_virtual)
    return run_virtual_time(*system, until - now(), [this] { return !!state->ended(); });
  return state->wait_ended(until);
}

bool application::implementation::wait_tree_gone(steady::time_point until) {
  const auto is_empty
    = [this] { return processes->living().empty() && tree->fenced.paths().empty(); };
  if (is_virtual)
    return run_virtual_time(*system, until - now(), is_empty);
  // Polls because killed processes end soon. A thread that waits for them is not worth its cost.
  while (!is_empty()) {
    if (steady::now() >= until)
      return false;
    std::this_thread::sleep_for(recheck_interval);
  }
  return true;
}

bool application::implementation::wait_all_gone(steady::time_point until) {
  return wait_ended(until) && wait_tree_gone(until) && hook.run(until, is_virtual)
         && (!owned || owned->wait_idle(until));
}

std::vector<std::string> application::implementation::still_there() const {
  auto result = tree->fenced.paths();
  for (const auto& each : processes->living())
    result.push_back(each.path);
  if (hook.is_running())
    result.emplace_back("join_threads");
  if (!owned)
    return result;
  const auto inside = result.size() + (has_ended(keeper) ? 0 : 1);
  if (const auto all = living_actors(*system); all > inside)
    result.push_back(fmt::format("actors outside the tree: {}", all - inside));
  return result;
}

bool application::implementation::end_system(steady::time_point until) {
  if (!owned)
    return true;
  is_over = true;
  // Name tables end before their system does.
  keeper = {};
  names.reset();
  processes.reset();
  tree.reset();
  state.reset();
  const bool ended = owned->end(until);
  if (!ended)
    print_line(
      fmt::format("ottla: the actor system of \"{}\" is abandoned: a thread still uses it, or a "
                  "handle still refers to a detached process",
                  id));
  owned.reset();
  return ended;
}

void application::implementation::finish() {
  at_exit.reset();
  if (is_over)
    return;
  const auto system_until
    = after(std::max<std::chrono::nanoseconds>(stop_within, least_for_system));
  if (is_gone()) {
    end_system(system_until);
    return;
  }
  // ~actor_system would wait for the stuck handler forever, so the system is abandoned.
  print_line(fmt::format("ottla: \"{}\" did not stop in time and is abandoned. Still running: {}",
                         id, fmt::join(stopped->left, ", ")));
}

namespace detail {

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

} // namespace detail

} // namespace ottla
