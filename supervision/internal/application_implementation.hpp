#pragma once

#include <ottla/actors/caf_blocking.hpp>
#include <ottla/actors/internal/duration_text.hpp>
#include <ottla/actors/root_directory.hpp>
#include <ottla/supervision/application.hpp>
#include <ottla/supervision/internal/join_hook.hpp>
#include <ottla/supervision/internal/owned_system.hpp>
#include <ottla/supervision/internal/root_keeper.hpp>
#include <ottla/supervision/internal/shield_observer.hpp>
#include <ottla/supervision/internal/stop_at_exit.hpp>
#include <ottla/supervision/internal/tree_context.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace ottla {

/// The state of a running application: its tree, its actor system, and its stop.
///
/// Thread safety: call launch first, then call from any thread outside the actor system.
struct application::implementation {
  using steady = std::chrono::steady_clock;

  static constexpr std::chrono::milliseconds recheck_interval{2};
  static constexpr std::chrono::milliseconds longest_for_kills{500};
  /// Lower bounds of the time for the end of an actor system, and for work that is cut short. The
  /// bounds apply even if the deadline has passed.
  static constexpr std::chrono::milliseconds least_for_system{500};
  static constexpr std::chrono::milliseconds least_for_cutting{200};
  static constexpr std::chrono::hours longest_virtual_start{24};

  std::unique_ptr<detail::owned_system> owned;
  caf::actor_system* system = nullptr;
  bool is_virtual = false;
  /// The application's own actor system was destroyed or abandoned.
  bool is_over = false;
  std::string id;
  std::chrono::nanoseconds stop_within{};
  std::shared_ptr<directory> names = std::make_shared<root_directory>();
  std::shared_ptr<tree_context> tree = std::make_shared<tree_context>();
  std::shared_ptr<child_processes> processes = std::make_shared<child_processes>();
  std::shared_ptr<detail::root_state> state = std::make_shared<detail::root_state>();
  caf::actor keeper;
  detail::join_hook hook;
  std::optional<stop_report> stopped;
  /// The time at which the stop ends, by the clock of now().
  steady::time_point deadline;
  /// Serializes stops: the exit of the program may cause a second stop.
  std::mutex stopping;
  /// Detects a forked child, in which the threads of the application do not exist.
  const pid_t process = getpid();
  /// Serializes the ends of a `run`: the end of the root, and the exit of the program.
  std::mutex ending;
  std::optional<int> status;
  std::atomic<bool> is_up = false;
  std::atomic<bool> program_exits = false;
  std::optional<detail::stop_at_exit> at_exit; // Last, because its function uses the others.

  static std::uint64_t chance() {
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
  }

  bool is_forked() const { return process != getpid(); }

  /// Leaks the object, without a stop. For forked children, and while the program exits.
  static void leave_alone(std::unique_ptr<implementation> impl) {
    static std::mutex guard;
    static auto* const all = new std::vector<std::unique_ptr<implementation>>;
    const std::lock_guard lock{guard};
    all->push_back(std::move(impl));
  }

  void own_a_system(const application_spec& spec) {
    owned = std::make_unique<detail::owned_system>(spec.scheduling, spec.threads);
    system = &owned->get();
  }

  void launch(application_spec spec) {
    // An exit of the program waits until the launch has created the tree that the exit stops.
    const std::scoped_lock no_stop{ending, stopping};
    const system_visit visit;
    is_virtual = has_virtual_time(*system);
    id = spec.id;
    stop_within = spec.stop_within;
    hook.join = std::move(spec.join_threads);
    tree->observer = detail::shield_observer(std::move(spec.observer), spec.id);
    tree->seed = spec.seed ? *spec.seed : chance();
    tree->stop_within = time_for_processes(stop_within);
    supervisor_spec root{.id = spec.id,
                         .strategy = spec.strategy,
                         .restarts = spec.restarts,
                         .when_done = spec.when_done,
                         .children = std::move(spec.children),
                         .name = spec.id};
    if (stopped) {
      state->failed("the program is exiting");
      return;
    }
    if (stop_within < std::chrono::nanoseconds::zero()) {
      auto wrong = validate(root);
      wrong.insert(wrong.begin(),
                   "stop_within must not be negative, got " + detail::duration_text(stop_within));
      state->failed(fmt::format("{}", fmt::join(wrong, "; ")));
      return;
    }
    const child_spec top = root;
    process_context context{.names = names, .children = processes, .tree = tree};
    keeper = caf::actor_cast<caf::actor>(
      system->spawn<detail::root_keeper>(std::move(context), top, state));
  }

  std::string failed_text(const std::string& why) const {
    return fmt::format("\"{}\" did not start: {}", id, why);
  }

  /// Waits until the start succeeds or fails. Returns the reason of a failure, nullopt for success.
  std::optional<std::string> wait_started() {
    if (is_virtual && !run_virtual_time(*system, longest_virtual_start, [this] {
          return state->is_decided();
        }))
      return "the start did not complete in virtual time: a process still waits after 24 hours, or "
             "no message or timer is left to wake it";
    return state->wait_started();
  }

  /// Stops the application when the program exits, if it still runs. Call before the launch.
  void stop_if_program_exits() {
    if (!has_virtual_time(*system))
      at_exit.emplace([this] {
        drop_hook_unless_up();
        stop();
      });
  }

  /// Like stop_if_program_exits, and also ends `run`, which waits on another thread.
  void end_run_if_program_exits() {
    at_exit.emplace([this] {
      program_exits = true;
      end_run(std::nullopt);
    });
  }

  /// Stops the tree, waits for background work, and prints unfinished work. Returns an exit status.
  /// A second call only waits for the first and returns its status.
  int end_run(const std::optional<exit_reason>& why);

  steady::time_point now() const { return is_virtual ? system->clock().now() : steady::now(); }

  steady::time_point after(std::chrono::nanoseconds time) const {
    constexpr std::chrono::nanoseconds longest = std::chrono::hours{24 * 365};
    return now() + std::clamp(time, std::chrono::nanoseconds::zero(), longest);
  }

  /// Whether a failed start failed because the program exits.
  bool program_stopped_it() {
    const std::lock_guard lock{stopping};
    hook.join = nullptr;
    return stopped.has_value();
  }

  /// An incomplete start has no threads to join.
  void drop_hook_unless_up() {
    const std::lock_guard lock{stopping};
    if (!is_up)
      hook.join = nullptr;
  }

  // The stop, and its report. Defined in supervision/application_stop.cpp.

  /// The time reserved for kills at the end of a stop.
  static std::chrono::nanoseconds time_for_kills(std::chrono::nanoseconds stop_within);
  /// How much of a stop's time the processes share. The rest is for kills and for processes that
  /// end late.
  static std::chrono::nanoseconds time_for_processes(std::chrono::nanoseconds stop_within);
  /// The time reserved for kills, and for work that is cut short.
  std::chrono::nanoseconds for_kills() const;

  const stop_report& stop();
  /// Stops the tree if it still runs. True if no process, hook or actor remains. Does not wait for
  /// the tree a second time.
  bool is_gone();
  bool wait_ended(steady::time_point until);
  bool wait_tree_gone(steady::time_point until);
  bool wait_all_gone(steady::time_point until);
  std::vector<std::string> still_there() const;
  /// Destroys the application's own actor system, in which no actor remains. If a thread or handle
  /// still uses the system, abandons the system and returns false.
  bool end_system(steady::time_point until);
  /// Stops the application and destroys or abandons its actor system. For the destructor, and for a
  /// failed start.
  void finish();
};

namespace detail {

/// Waits for background work, such as Kafka handles that leave their groups. Cuts dispensable work
/// short at once, and owed work when only `for_cutting` of the time is left. Adds the owed work
/// that was cut short to `report`.
void await_background(stop_report& report, const std::function<std::chrono::nanoseconds()>& left,
                      std::chrono::nanoseconds for_cutting);

} // namespace detail

} // namespace ottla
