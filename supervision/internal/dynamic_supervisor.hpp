#pragma once

#include <ottla/supervision/dynamic_supervisor_spec.hpp>
#include <ottla/supervision/internal/parent.hpp>
#include <ottla/supervision/internal/restart_decider.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ottla {

/// The process of a dynamic_supervisor_spec.
class dynamic_supervisor : public parent {
public:
  dynamic_supervisor(caf::actor_config& config, process_context context,
                     dynamic_supervisor_spec spec);

private:
  caf::behavior set_up() override;
  void shutdown(const exit_reason& why) override;
  void terminated() override;
  std::vector<tree_node> rows() const override;
  bool all_reported() const override;

  void launched(child_row& child) override;
  void launch_ignored(std::shared_ptr<child_row> gone) override;
  void launch_failed(std::shared_ptr<child_row> gone, const child_result& why) override;
  void ended(std::shared_ptr<child_row> gone, const exit_reason& why) override;
  void reported_healthy(child_row& child) override;
  void woken() override;

  caf::result<child_result> add(const start_child& request);
  child_result adopt(const adopt_child& request);
  caf::result<child_result> remove(const terminate_child& request);
  child_spec_found find_spec(const get_child_spec& request);
  child_list list() const;
  child_counts count() const;
  /// The error for a child that may not be added. nullopt if the child may be added.
  std::optional<child_result> refusal(const std::vector<std::string>& wrong) const;

  void handle_end(std::shared_ptr<child_row> gone, process_event::kind what,
                  const exit_reason& why);
  void restart(std::shared_ptr<child_row> gone);
  void put_off(std::shared_ptr<child_row> gone, std::chrono::nanoseconds delay);
  void forget(child_row& gone);
  void stop_all(exit_reason why);
  void stop_if_last();
  /// Number of children, including orphans of dead children, which count() excludes.
  std::size_t size() const { return children().size() + waiting_.size(); }

  dynamic_supervisor_spec spec_;
  restart_decider decider_;
  /// Children that wait for their restart, by due time and the key of their last run.
  std::map<std::pair<std::chrono::nanoseconds, key>, std::shared_ptr<child_row>> waiting_;
  /// The spec of the last child added. Held weakly, so that its start function is released with the
  /// child.
  std::weak_ptr<const child_spec> last_spec_;
  /// The label of the last child added.
  std::shared_ptr<const process_label> last_label_;
  std::optional<exit_reason> stop_reason_;
};

} // namespace ottla
