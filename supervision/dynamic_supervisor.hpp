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
  /// As that of a child; empty: none.
  std::string name = {};

  operator child_spec() const;
};

/// All that is wrong with a spec, one line each; empty when nothing is.
std::vector<std::string> validate(const dynamic_supervisor_spec& spec);

/// Elixir's DynamicSupervisor, OTP's simple_one_for_one: children come and go at run time, in no
/// order, start side by side, and stop all at once. They need no unique ids; what they are told
/// apart by is their process. What it understands is in messages.hpp: requests by id are refused
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

  void launched(child_row& child) override;
  void launch_ignored(std::shared_ptr<child_row> gone) override;
  void launch_failed(std::shared_ptr<child_row> gone, const child_result& why) override;
  void ended(std::shared_ptr<child_row> gone, const exit_reason& why) override;
  void told_healthy(child_row& child) override;
  bool all_told() const override;
  void woken() override;

  caf::result<child_result> add(const start_child& request);
  child_result adopt(const adopt_child& request);
  caf::result<child_result> remove(const terminate_child& request);
  child_spec_found find_spec(const get_child_spec& request);
  child_list list() const;
  child_counts count() const;
  /// Nothing: one more is welcome.
  std::optional<child_result> refusal(const std::vector<std::string>& wrong) const;

  void look_into(std::shared_ptr<child_row> gone, process_event::kind what, const exit_reason& why);
  void restart(std::shared_ptr<child_row> gone);
  void put_off(std::shared_ptr<child_row> gone, std::chrono::nanoseconds delay);
  void forget(child_row& gone);
  void stop_all(exit_reason why);
  void stop_if_last();
  /// With the orphans of those that died, which count() leaves out.
  std::size_t size() const { return children().size() + waiting_.size(); }

  dynamic_supervisor_spec spec_;
  restart_judge judge_;
  /// Those whose restart waits, by when it is due and the run they had.
  std::map<std::pair<std::chrono::nanoseconds, key>, std::shared_ptr<child_row>> waiting_;
  /// What the child before was started with. Held weakly: its start function is let go with it.
  std::weak_ptr<const child_spec> last_spec_;
  std::shared_ptr<const process_label> last_label_;
  std::optional<exit_reason> stop_reason_;
};

} // namespace ottla
