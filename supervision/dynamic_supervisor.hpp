#pragma once

#include <ottla/supervision/parent.hpp>
#include <ottla/supervision/restart_judge.hpp>

#include <chrono>
#include <cstddef>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ottla {

struct dynamic_supervisor_spec {
  std::string id = {};
  restart_limit restarts = {};
  std::size_t max_children = std::numeric_limits<std::size_t>::max();
  /// The name for look-ups, as child_spec::name; empty if there is none.
  std::string name = {};

  operator child_spec() const;
};

/// All that is wrong with a spec, one line each; empty when nothing is.
std::vector<std::string> validate(const dynamic_supervisor_spec& spec);

/// Elixir's DynamicSupervisor, OTP's simple_one_for_one: children are added and removed at run
/// time, have no order, start side by side, and stop all at once. Their ids need not be unique: the
/// supervisor identifies children by process. messages.hpp lists the requests; requests by id fail
/// with simple_one_for_one.
class dynamic_supervisor : public parent {
public:
  dynamic_supervisor(caf::actor_config& config, process_context context,
                     dynamic_supervisor_spec spec);

private:
  caf::behavior set_up() override;
  void shutdown(const exit_reason& why) override;
  void terminated() override;
  std::vector<tree_node> rows() const override;

  void launched(supervised& child) override;
  void launch_ignored(supervised gone) override;
  void launch_failed(supervised gone, const child_result& why) override;
  void ended(supervised gone, const exit_reason& why) override;
  void told_healthy(supervised& child) override;
  bool all_told() const override;
  void woken() override;

  caf::result<child_result> add(const start_child& request);
  child_result adopt(const adopt_child& request);
  caf::result<child_result> remove(const terminate_child& request);
  child_spec_found find_spec(const get_child_spec& request);
  child_list list() const;
  child_counts count() const;
  /// nullopt if the child may be added.
  std::optional<child_result> refusal(const std::vector<std::string>& wrong) const;

  void look_into(supervised gone, process_event::kind what, const exit_reason& why);
  void restart(supervised gone, const exit_reason& why);
  void put_off(supervised gone, const exit_reason& why, std::chrono::nanoseconds delay);
  void forget(supervised gone);
  void stop_all(exit_reason why);
  void stop_if_last();
  /// Includes the orphans of dead children, which count() leaves out.
  std::size_t size() const { return children().size() + waiting_.size(); }

  dynamic_supervisor_spec spec_;
  restart_judge judge_;
  /// Children that wait for their restart, by due time and by the key of their last run.
  std::map<std::pair<std::chrono::nanoseconds, key>, supervised> waiting_;
  /// Spec and label of the last child added. The spec is held weakly, so that its start function is
  /// released with the child.
  std::weak_ptr<const child_spec> last_spec_;
  std::shared_ptr<const process_label> last_label_;
  std::optional<exit_reason> stop_reason_;
};

} // namespace ottla
