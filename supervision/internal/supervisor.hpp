#pragma once

#include <ottla/supervision/internal/child_table.hpp>
#include <ottla/supervision/internal/parent.hpp>
#include <ottla/supervision/internal/restart_decider.hpp>
#include <ottla/supervision/internal/restart_queue.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ottla {

/// The process of a supervisor_spec. All starts and restarts follow this path:
///
///   1. A child ends or fails to start. parent::down() notices the end, and parent calls ended() or
///      launch_failed(). handle_end() decides what happens to the child, and carry_out() puts a
///      restart into the restart queue. set_up() puts the first start of all children there.
///   2. advance() takes the queue's next step: it stops a child, starts a child, or plans which
///      children restart together. If the queue is idle, advance() serves a queued request.
///   3. The supervisor waits for launched(), launch_ignored(), launch_failed() or ended(), which
///      call advance() again. A failed start instead sends next_step, so that a shutdown can come
///      between two tries.
///
/// What happens to a child that ended or failed to start. The first match wins:
///
/// | state                                       | what follows                               |
/// |---------------------------------------------|--------------------------------------------|
/// | a request started it, and the start failed  | answer the request with the error          |
/// | the supervisor ends itself                  | keep the child down                        |
/// | the supervisor ended the child for a group  | the group restarts the child               |
/// | the supervisor ended the child on request   | keep the child down                        |
/// | the first start runs, and this start failed | shut down                                  |
/// | the first start runs                        | handle the end after the first start       |
/// | the current group has yet to stop the child | the group restarts the child               |
/// | the restart policy restarts the child       | restart_decider: now, later, or give up    |
/// | auto_shutdown applies                       | shut down                                  |
/// | otherwise                                   | keep the child down                        |
///
/// A temporary child is not kept down. The supervisor forgets the child instead.
///
/// stop_all() ends this loop. From then on advance_stop() ends the children in reverse order.
class supervisor : public parent {
public:
  supervisor(caf::actor_config& config, process_context context, supervisor_spec spec);

protected:
  /// Handlers of further requests to a derived class.
  virtual caf::message_handler further_handlers() { return {}; }

  void terminated() override;

private:
  using serve_function = std::function<void(caf::response_promise&)>;
  struct queued_call {
    caf::response_promise promise;
    serve_function serve;
  };

  caf::behavior set_up() final;

  // From the end of a child to its restart.

  void ended(std::shared_ptr<child_row> gone, const exit_reason& why) override;
  void launch_failed(std::shared_ptr<child_row> gone, const child_result& why) override;
  /// Only a restart is retried. The requester of another start gets the error.
  void answer_failed_start(child_row& child, child_run& run, const child_result& why);
  /// Takes the ended run out of the child, and completes everything that waited for its end.
  child_run close_run(child_row& child);
  /// Follows the table above. `was_ending`: the supervisor ended this run.
  void handle_end(child_row& child, process_event::kind what, bool was_ending = false);
  void fail_first_start(const child_row& child);
  restart_decider::choice decide(child_row& child);
  bool shuts_down_after(const child_row& gone) const;
  void carry_out(child_row& child, restart_decider::choice what);
  void forget_if_temporary(child_row& child);
  /// The delay of a restart is over.
  void woken() override;

  // The steps of starts and restarts.

  /// Takes steps until a step has to wait for a child's answer.
  void advance();
  bool busy() const { return starting_ != nullptr || stopping_ != nullptr; }
  std::vector<restart_queue::member> members() const;
  void stop_member(child_row* child);
  void start_member(child_row* child);
  void launch_row(child_row& child, caf::response_promise starter = {});
  void launched(child_row& child) override;
  void launch_ignored(std::shared_ptr<child_row> gone) override;
  void first_start_done();
  void run_queued_call();

  // The end of the supervisor.

  void give_up(const child_row& child, std::string why);
  /// Begins the end. From now on requests to start, restart, delete or adopt a child are refused,
  /// including queued requests.
  void stop_all(exit_reason why);
  /// Ends the last child. Called again when that child has ended.
  void advance_stop();
  void shutdown(const exit_reason& why) override;

  // Reports.

  std::vector<tree_node> rows() const override;
  child_status status_of(const child_row& child) const;
  void reported_healthy(child_row& child) override;
  bool all_reported() const override;

  // -- requests: supervisor_requests.cpp

  caf::message_handler requests();
  /// Whether a request waits while only the delay of a group is pending.
  enum class during_delay : std::uint8_t { wait, serve };
  /// Serves the request now, or after pending starts.
  caf::result<child_result> in_turn(during_delay then, serve_function serve);
  /// Whether only the delay of a group is pending.
  bool only_waits();
  void serve_start(const start_child& request, caf::response_promise& promise);
  void serve_restart(const restart_child& request, caf::response_promise& promise);
  void serve_delete(const delete_child& request, caf::response_promise& promise);
  /// The error for a child that must be down. nullopt if the child exists and is down.
  std::optional<supervision_errc> error_unless_down(const child_row* child) const;
  caf::result<child_result> terminate(const terminate_child& request);
  caf::result<child_result> adopt(const adopt_child& request);
  child_spec_found find_spec(const get_child_spec& request);
  child_list list() const;
  child_counts count() const;
  child_row* find_child(const std::string& id, const caf::actor& process);
  child_row make_row(std::shared_ptr<const child_spec> spec) const;

  supervisor_spec spec_;
  restart_decider decider_;
  child_table children_;
  restart_queue queue_;
  /// The child whose start the queue or a request waits for.
  const child_row* starting_ = nullptr;
  /// The child whose end the queue waits for.
  const child_row* stopping_ = nullptr;
  bool first_start_ = true;
  /// Children that ended during the first start. first_start_done handles them.
  std::deque<child_row*> early_ends_;
  std::deque<queued_call> queued_;
  std::optional<exit_reason> stop_reason_;
};

} // namespace ottla
