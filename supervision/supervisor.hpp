#pragma once

#include <ottla/supervision/child_table.hpp>
#include <ottla/supervision/parent.hpp>
#include <ottla/supervision/restart_judge.hpp>
#include <ottla/supervision/restart_queue.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ottla {

/// OTP's supervisor. Its start is done when every child's is; if one fails, those started stop in
/// reverse and the start fails. More restarts than restart_limit allows: all children stop and it
/// ends with shutdown, for its own supervisor to decide. What it understands is in messages.hpp.
///
/// Starts happen one at a time. While one is pending, further starts wait their turn, and so do
/// requests to start, restart or delete; shutdowns, deaths, queries and terminate_child do not.
class supervisor : public parent {
public:
  supervisor(caf::actor_config& config, process_context context, supervisor_spec spec);

protected:
  /// What a kind of supervisor understands beyond the others.
  virtual caf::message_handler further_handlers() { return {}; }

  void terminated() override;

private:
  using serve_function = std::function<void(caf::response_promise&)>;
  struct queued_call {
    caf::response_promise promise;
    serve_function serve;
  };
  caf::behavior set_up() final;
  void shutdown(const exit_reason& why) override;
  std::vector<tree_node> rows() const override;

  void launched(child_row& child) override;
  void launch_ignored(std::shared_ptr<child_row> gone) override;
  void launch_failed(std::shared_ptr<child_row> gone, const child_result& why) override;
  void ended(std::shared_ptr<child_row> gone, const exit_reason& why) override;
  void told_healthy(child_row& child) override;
  bool all_told() const override;
  void woken() override;

  // What comes next.

  /// Does the next step of what is in hand, if it is not waiting for a child.
  void advance();
  void advance_stop();
  bool busy() const { return starting_ != nullptr || stopping_ != nullptr; }
  void stop_member(child_row* row);
  void start_member(child_row* row);
  std::vector<restart_queue::member> members() const;
  void bring_up(child_row& row, caf::response_promise starter = {});
  void first_start_done();
  void run_queued_call();

  // What is done about a death.

  void look_into(child_row& row, process_event::kind what);
  restart_judge::verdict judge(child_row& row);
  void carry_out(child_row& row, const restart_judge::verdict& what);
  void give_up(const child_row& row);
  void stop_all(exit_reason why);
  bool shuts_down_after(const child_row& gone) const;
  child_status status_of(const child_row& row) const;
  /// The child has no process any more. Returns its last run.
  child_run put_down(child_row& row);
  void forget_if_temporary(child_row& row);

  // What is asked of it.

  caf::message_handler requests();
  /// Some need not wait for a group that waits for its restart.
  caf::result<child_result> in_turn(bool during_delays, serve_function serve);
  /// Nothing is in hand but the delay of a group.
  bool only_waits();
  void start(const start_child& request, caf::response_promise& promise);
  void restart(const restart_child& request, caf::response_promise& promise);
  void forget(const delete_child& request, caf::response_promise& promise);
  /// Nothing: it is there, and down.
  std::optional<supervision_errc> unless_down(const child_row* row) const;
  caf::result<child_result> terminate(const terminate_child& request);
  caf::result<child_result> adopt(const adopt_child& request);
  child_spec_found find_spec(const get_child_spec& request);
  child_list list() const;
  child_counts count() const;
  child_row* asked_for(const std::string& id, const caf::actor& process);
  child_row make_row(std::shared_ptr<const child_spec> spec) const;

  supervisor_spec spec_;
  restart_judge judge_;
  child_table children_;
  restart_queue queue_;
  /// The children that the queue, or a request, waits for: one to be up, one to end.
  const child_row* starting_ = nullptr;
  const child_row* stopping_ = nullptr;
  bool first_start_ = true;
  /// Those that ended during the first start: nothing is done about it before that is over.
  std::deque<child_row*> early_ends_;
  std::deque<queued_call> queued_;
  std::optional<exit_reason> stop_reason_;
};

} // namespace ottla
