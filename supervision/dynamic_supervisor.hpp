#pragma once

#include <ottla/supervision/parent.hpp>
#include <ottla/supervision/restart_window.hpp>

#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ottla {

struct dynamic_supervisor_spec {
  std::string id;
  restart_limit restarts = {};
  std::size_t max_children = std::numeric_limits<std::size_t>::max();
  /// As that of a child; empty: none.
  std::string name = {};

  operator child_spec() const;
};

/// Elixir's DynamicSupervisor: children come and go at run time, in no order, and stop all at once.
/// Understands start_child, terminate_child, list_children and describe_tree. Children need no
/// unique ids.
class dynamic_supervisor : public parent {
public:
  dynamic_supervisor(caf::actor_config& config, process_context context,
                     dynamic_supervisor_spec spec);

private:
  struct child {
    child_spec spec;
    child_status status = child_status::starting;
    std::size_t restarts = 0;
    caf::response_promise starter;
    std::vector<caf::response_promise> terminators;
  };

  caf::behavior set_up() override;
  void shutdown(const exit_reason& why) override;

  void launched(key which) override;
  void launch_ignored(key which) override;
  void launch_failed(key which, const std::string& why) override;
  void ended(key which, const exit_reason& why) override;
  std::vector<tree_node> rows() const override;
  void terminated() override;

  caf::result<child_started> add(const start_child& request);
  caf::result<child_terminated> remove(const terminate_child& request);
  void restart(child failed, const exit_reason& why);
  void stop_all(exit_reason why);
  void forget(key which, const std::string& why);

  dynamic_supervisor_spec spec_;
  restart_window window_;
  std::map<key, child> children_;
  std::optional<exit_reason> stop_reason_;
};

} // namespace ottla
