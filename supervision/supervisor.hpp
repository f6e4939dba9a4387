#pragma once

#include <ottla/supervision/child_table.hpp>
#include <ottla/supervision/parent.hpp>
#include <ottla/supervision/restart_judge.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ottla {

/// OTP's supervisor. Its start is done when all children have started. If a child fails to start,
/// those started stop in reverse order and the start fails. After more restarts than restart_limit
/// allows, all children stop, and the supervisor ends with shutdown: its own supervisor decides
/// what follows. messages.hpp lists the requests.
///
/// Starts happen one at a time. While a start is pending, further starts wait, and so do requests
/// to start, restart or delete. Shutdowns, deaths, queries and terminate_child do not wait.
class supervisor : public parent {
public:
  supervisor(caf::actor_config& config, process_context context, supervisor_spec spec);

protected:
  /// Further requests of a derived class.
  virtual caf::message_handler further_handlers() { return {}; }

  void terminated() override;

private:
  /// The pending steps of the restart of a group, or of the first start.
  struct steps {
    restart_plan left = {};
    std::chrono::nanoseconds not_before{};
    /// The child whose failure caused the restart; empty at the first start.
    std::string cause = {};
  };
  using serve_function = std::function<void(caf::response_promise&)>;
  struct queued_call {
    caf::response_promise promise;
    serve_function serve;
  };
  caf::behavior set_up() final;
  void shutdown(const exit_reason& why) override;
  std::vector<tree_node> rows() const override;

  void launched(supervised& child) override;
  void launch_ignored(supervised gone) override;
  void launch_failed(supervised gone, const child_result& why) override;
  void ended(supervised gone, const exit_reason& why) override;
  void told_healthy(supervised& child) override;
  bool all_told() const override;
  void woken() override;

  // Steps: what comes next.

  /// Does the pending steps until one has to wait for a child.
  void advance();
  void advance_stop();
  bool busy() const { return starting_ != 0 || stopping_ != 0; }
  void stop_next();
  bool start_next();
  void bring_up(child_row& row, caf::response_promise starter = {});
  void first_start_done();
  void run_queued_call();

  // Reactions to the end of a child.

  void look_into(child_row& row, process_event::kind what, const exit_reason& why);
  restart_judge::verdict judge(child_row& row, const exit_reason& why);
  void carry_out(child_row& row, const exit_reason& why, const restart_judge::verdict& what);
  void give_up(const child_row& row, const exit_reason& why);
  void restart(const std::string& id);
  /// Also restarts earlier children that still wait for their start.
  void join(const steps& waiting);
  void stop_all(exit_reason why);
  bool shuts_down_after(const child_row& gone) const;
  child_row& row_of(const supervised& child);
  /// The child has no process any more. Returns whether it was asked to end.
  bool put_down(child_row& row, const supervised& gone);
  void forget_if_temporary(child_row& row);

  // Requests.

  caf::message_handler requests();
  /// `during_delays`: the request need not wait while a group waits for its restart.
  caf::result<child_result> in_turn(bool during_delays, serve_function serve);
  /// Whether only the delay of a group is pending.
  bool only_waits();
  void start(const start_child& request, caf::response_promise& promise);
  void restart(const restart_child& request, caf::response_promise& promise);
  void forget(const delete_child& request, caf::response_promise& promise);
  /// nullopt if the child exists and is stopped.
  std::optional<supervision_errc> unless_down(const child_row* row) const;
  caf::result<child_result> terminate(const terminate_child& request);
  caf::result<child_result> adopt(const adopt_child& request);
  child_spec_found find_spec(const get_child_spec& request);
  child_list list() const;
  child_counts count() const;
  void cancel(child_row& row);
  bool waits(const child_row& row) const;
  child_row* asked_for(const std::string& id, const caf::actor& process);
  child_row make_row(std::shared_ptr<const child_spec> spec) const;

  supervisor_spec spec_;
  restart_judge judge_;
  child_table children_;
  std::optional<steps> plan_;
  /// The runs that the plan, or a request, waits for: one to be up, one to end; 0 if there is none.
  key starting_ = 0;
  key stopping_ = 0;
  bool first_start_ = true;
  /// Children that ended during the first start, and why. They are handled when the first start is
  /// over.
  std::deque<std::pair<std::string, exit_reason>> early_ends_;
  /// Failed children whose restart is due.
  std::deque<std::string> failed_;
  /// With one_for_one, children that wait for their delay. With the other strategies the plan
  /// waits.
  std::set<std::pair<std::chrono::nanoseconds, std::string>> delayed_;
  std::deque<queued_call> queued_;
  std::optional<exit_reason> stop_reason_;
};

} // namespace ottla
