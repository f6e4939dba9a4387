#pragma once

#include <ottla/supervision/dynamic_supervisor_spec.hpp>
#include <ottla/supervision/internal/parent.hpp>
#include <ottla/supervision/internal/restart_decider.hpp>

#include <chrono>
#include <compare>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ottla {

/// The process of a dynamic_supervisor_spec. The life of a child:
///
///   1. start() validates the request and launches the child.
///   2. launched() answers the request when the child's init is done. launch_failed() and
///      launch_ignored() answer the request and forget the child.
///   3. ended() gets the end of the child. If the supervisor ends the child or itself, the child is
///      forgotten. Otherwise handle_end() decides:
///        - restart() launches the child again.
///        - put_off() keeps the child in waiting_ until woken() restarts the child.
///        - The child is forgotten.
///        - The supervisor gives up, and stop_all() ends all children.
///      A restart that fails gets to handle_end() too.
///
/// parent holds the children that have a process, and waiting_ holds the other children. A child in
/// neither of them is forgotten. stop_all() ends the children concurrently, and the supervisor ends
/// after the last child.
class dynamic_supervisor : public parent {
public:
  dynamic_supervisor(caf::actor_config& config, process_context context,
                     dynamic_supervisor_spec spec);

private:
  caf::behavior set_up() override;

  // The life of a child.

  caf::result<child_result> start(const start_child& request);
  /// The error for a child that may not be added. nullopt if the child may be added.
  std::optional<child_result> refusal(const std::vector<std::string>& wrong) const;
  void launched(child_row& child) override;
  void launch_ignored(std::shared_ptr<child_row> gone) override;
  void launch_failed(std::shared_ptr<child_row> gone, const child_result& why) override;
  void ended(std::shared_ptr<child_row> gone, const exit_reason& why) override;
  /// Handles a child that ended by itself or whose restart failed.
  void handle_end(std::shared_ptr<child_row> gone, process_event::kind what,
                  const exit_reason& why);
  void restart(std::shared_ptr<child_row> gone);
  void put_off(std::shared_ptr<child_row> gone, std::chrono::nanoseconds delay);
  /// The delay of a restart is over.
  void woken() override;
  /// Completes the end of a child that is not restarted: answers terminate_child, and ends a
  /// stopping supervisor after its last child.
  void complete_end(child_row& gone);

  // The end of the supervisor.

  /// Begins the end. From now on start_child and adopt_child are refused.
  void stop_all(exit_reason why);
  void stop_if_last();
  void shutdown(const exit_reason& why) override;
  void terminated() override;

  // Other requests.

  child_result adopt(const adopt_child& request);
  caf::result<child_result> terminate(const terminate_child& request);
  child_spec_found find_spec(const get_child_spec& request);
  child_list list() const;
  child_counts count() const;

  // Reports.

  std::vector<tree_node> rows() const override;
  void reported_healthy(child_row& child) override;
  bool all_reported() const override;

  /// Number of children, including orphans of dead children, which count() excludes.
  std::size_t size() const { return children().size() + waiting_.size(); }

  dynamic_supervisor_spec spec_;
  restart_decider decider_;
  struct pending_restart {
    std::chrono::nanoseconds due;
    key last_run;

    auto operator<=>(const pending_restart&) const = default;
  };
  /// Children that wait for their restart.
  std::map<pending_restart, std::shared_ptr<child_row>> waiting_;
  /// The spec of the last child added. Held weakly, so that its start function is released with the
  /// child.
  std::weak_ptr<const child_spec> last_spec_;
  /// The label of the last child added.
  std::shared_ptr<const process_label> last_label_;
  std::optional<exit_reason> stop_reason_;
};

} // namespace ottla
