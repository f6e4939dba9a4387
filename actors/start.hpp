#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/detail/supervision_data.hpp>
#include <ottla/actors/directory.hpp>
#include <ottla/actors/process_label.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace ottla {

enum class execution : std::uint8_t {
  /// On the threads of the actor system's scheduler.
  scheduled,
  /// On a separate thread, for handlers that block. A start costs about 50 µs. In virtual time
  /// `detached` is the same as `scheduled`.
  detached,
};

/// Data that a process gets from its starter.
struct process_context {
  /// Id, name and path. The process claims the name in `names` before init. Null for a process
  /// without a label.
  std::shared_ptr<const process_label> label = nullptr;
  /// Where the process looks names up. Null without a directory.
  std::shared_ptr<directory> names = nullptr;
  /// Gets the outcome of the start. Holds a handle to the process until the process has ended. Null
  /// if there is no starter.
  caf::actor starter = {};
  /// For supervisors: the table of their own children, and the data that the whole tree shares.
  std::shared_ptr<detail::children_data> children = nullptr;
  std::shared_ptr<detail::tree_data> tree = nullptr;
  /// Whether the process reports to its starter when it is healthy, see process::report_healthy.
  bool reports_health = false;
  /// How long the supervisor waits after its request to end. max() means no limit.
  std::chrono::nanoseconds shutdown = std::chrono::nanoseconds::max();
};

/// The arguments of a start function.
struct start_context {
  caf::actor_system& system;
  process_context process;
  execution run_as = execution::scheduled;
  /// The starting actor. The process may run next on the thread of this actor. Null outside the
  /// actor system.
  caf::event_based_actor* by = nullptr;

  template <class Process, class... Args>
  caf::actor spawn(Args&&... args) {
    if (run_as == execution::detached && !has_virtual_time(system))
      return caf::actor_cast<caf::actor>(
        system.spawn<Process, caf::detached>(std::move(process), std::forward<Args>(args)...));
    if (by != nullptr)
      return caf::actor_cast<caf::actor>(
        by->spawn<Process>(std::move(process), std::forward<Args>(args)...));
    return caf::actor_cast<caf::actor>(
      system.spawn<Process>(std::move(process), std::forward<Args>(args)...));
  }
};

/// Starts one process. Called for the first start and for each restart. Must not wait for the
/// process.
using start_function = std::function<caf::actor(start_context)>;

/// A start function for an actor class whose constructor takes (caf::actor_config&,
/// process_context, args…). Each start passes const references to the same stored arguments.
template <class Process, class... Args>
start_function start(Args... args) {
  constexpr bool is_actor = std::is_base_of_v<caf::event_based_actor, Process>;
  static_assert(is_actor, "ottla: start<Process>(): Process must derive from ottla::server or "
                          "ottla::process");
  constexpr bool is_whole = !std::is_abstract_v<Process>;
  static_assert(is_whole, "ottla: start<Process>(): Process must override init(handlers&) of "
                          "server, or set_up() of process");
  constexpr bool takes_arguments
    = !is_actor || !is_whole
      || std::is_constructible_v<Process, caf::actor_config&, process_context, const Args&...>;
  static_assert(takes_arguments,
                "ottla: start<Process>(arguments): Process must have a public constructor "
                "(caf::actor_config&, ottla::process_context, arguments)");
  if constexpr (is_actor && is_whole && takes_arguments)
    return [packed = std::tuple<Args...>{std::move(args)...}](start_context how) {
      return std::apply([&](const Args&... each) { return how.spawn<Process>(each...); }, packed);
    };
  else
    return {};
}

} // namespace ottla
