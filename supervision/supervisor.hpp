#pragma once

#include <ottla/supervision/parent.hpp>
#include <ottla/supervision/restart_window.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace ottla {

/// OTP's supervisor. Its start is done when every child's is; if one fails, those started stop in
/// reverse and the start fails. More restarts than restart_limit allows: all children stop and it
/// ends with shutdown, for its own supervisor to decide.
///
/// Starts happen one at a time. While one is pending, other deaths wait their turn; a shutdown
/// does not.
class supervisor : public parent {
public:
  supervisor(caf::actor_config& config, process_context context, supervisor_spec spec);

private:
  struct child {
    child_spec spec;
    child_status status = child_status::down;
    std::optional<key> running;
    std::size_t restarts = 0;
    exit_reason last_end = {};
  };

  caf::behavior set_up() override;
  void shutdown(const exit_reason& why) override;

  void launched(key which) override;
  void launch_ignored(key which) override;
  void launch_failed(key which, const std::string& why) override;
  void ended(key which, const exit_reason& why) override;
  std::vector<tree_node> rows() const override;
  void terminated() override;

  /// Does the next step of what is in hand, if it is not waiting for a child.
  void advance();
  void advance_stop();
  void start_next();
  /// False: one restart too many, everything stops.
  bool count_restart(const child& failed, const exit_reason& why);
  void restart(const std::string& id);
  void stop_all(exit_reason why);
  void forget_if_temporary(const std::string& gone);
  bool shuts_down_after(const child& gone) const;

  child* find(key which);
  child* find(const std::string& id);

  supervisor_spec spec_;
  restart_window window_;
  std::deque<child> children_;
  /// The restart, or the first start, that is in hand.
  std::optional<restart_plan> plan_;
  bool starting_ = true;
  /// Failed children whose restart waits for the one in hand.
  std::deque<std::string> failed_;
  std::optional<exit_reason> stop_reason_;
};

} // namespace ottla
