#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/call_result.hpp>
#include <ottla/actors/saturating.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/supervision/child_spec.hpp>
#include <ottla/supervision/supervisor_requests.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace ottla {

/// The children that an initializer returns, or the reason why it failed. Both convert:
/// `return specs;` and `return exit_reason::crashed("no broker answers");`.
using found_children = call_result<std::vector<child_spec>>;

/// A process that keeps a set of children alive under a dynamic supervisor, like
/// Elsa.DynamicProcessManager. Use it for children that are only known at run time, for example one
/// process for each partition of a topic. For children that are known before the start, use a
/// supervisor_spec.
///
///     ottla::supervisor_spec{
///       .id = "feeds",
///       .strategy = ottla::strategy::one_for_one,
///       .children = {
///         ottla::dynamic_supervisor_spec{.id = "feed_supervisor", .name = "feed_supervisor"},
///         ottla::process_manager_spec{
///           .id = "feed_manager",
///           .supervisor = "feed_supervisor",
///           .initializer = [source] { return specs_of(source->list_feeds()); },
///           .poll = 1min,
///           .name = "feed_manager",
///         },
///       },
///     }
///
/// What the manager does:
///   - The manager calls the initializer until a call succeeds. If `poll` is set, the manager then
///     calls the initializer again at that interval. Each failed call is reported as a process
///     event of the child `initializer`.
///   - The manager starts the children whose ids are new. A returned child with a known id is
///     ignored. Children that the initializer no longer returns keep running.
///   - If a child's start fails, the manager reports the failure, and repeats the start after
///     `retry_after`.
///   - If the dynamic supervisor dies, the manager waits for its replacement, and starts all
///     children again.
///   - If the manager dies, the children keep running. The manager's replacement starts only what
///     is missing, and still knows the children that were added at run time.
///
/// Which children stay down: the dynamic supervisor applies the restart policy of each child, and
/// the manager does not overrule it. So a temporary child that ended stays down, and so does a
/// child that was ended with terminate_child at the dynamic supervisor. A replacement of the
/// dynamic supervisor starts these children again, as in Elsa. A child that was ended with
/// terminate_child at the manager stays down in any case, until start_child starts it again.
///
/// The manager's requests, for `call`:
///   - start_child adds a child and answers with child_result, as the dynamic supervisor does. A
///     child that fails to start is not added. The id of a known child is answered with
///     already_started or already_present. A known child that has ended is started again, from the
///     new spec. If the call itself fails, the child may have been added, and the same request can
///     be sent again.
///   - terminate_child ends a child by its id, and answers with child_result when the child has
///     ended. A request that names a process instead of an id is answered with not_found.
///   - await_ready is answered when the first starts are done. See await_ready below.
///
/// A process_manager_spec converts to a child_spec. The child_spec and its copies share the
/// manager's list of children, and the list ends with the last copy. So convert the
/// process_manager_spec once for each tree.
struct process_manager_spec {
  std::string id = {};
  /// The name of the dynamic supervisor in the application's directory. The manager waits until a
  /// process has the name. If that process is not a dynamic supervisor, the manager crashes.
  std::string supervisor = {};
  /// Children that are known before the first call of the initializer.
  std::vector<child_spec> children = {};
  /// Returns the children. Runs on a thread of its own and may block, for example while it asks a
  /// server. An exception is a failure, like a returned reason. Each call ends before the next one
  /// begins, except after initializer_timeout. Null for none.
  std::function<found_children()> initializer = {};
  /// Delay before a failed initializer is called again, and before a failed child is started again.
  saturating<std::chrono::nanoseconds> retry_after = std::chrono::seconds{1};
  /// Delay between the end of a successful call of the initializer and the next call. max() for no
  /// further call.
  saturating<std::chrono::nanoseconds> poll = std::chrono::nanoseconds::max();
  /// How long a call of the initializer may take. A longer call counts as failed. The thread of
  /// such a call runs until the function returns, so prefer a deadline in the function. max() for
  /// no limit.
  saturating<std::chrono::nanoseconds> initializer_timeout = std::chrono::nanoseconds::max();
  /// The manager's name for look-ups, as child_spec::name. Empty for no name.
  std::string name = {};

  operator child_spec() const;
};

/// All faults of a spec, one line each. Empty if there are none.
std::vector<std::string> validate(const process_manager_spec& spec);

/// A request to a process manager. The answer is empty. The answer comes when the initializer has
/// succeeded once, and the start of each child has succeeded or failed once. The call fails if the
/// manager ends first. A missing dynamic supervisor delays the answer without a limit.
///
///     auto done = ottla::call<void>(app.system(), app.find("feed_manager"), 10s,
///                                   ottla::await_ready{});
struct await_ready {};

} // namespace ottla

OTTLA_MESSAGES_BEGIN(ottla_process_manager, ottla::supervision_type_ids + 70)
OTTLA_MESSAGE(ottla_process_manager, (ottla::await_ready))
OTTLA_MESSAGES_END(ottla_process_manager)
