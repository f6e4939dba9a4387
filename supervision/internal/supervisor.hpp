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

/// The process of a supervisor_spec.
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
  void shutdown(const exit_reason& why) override;
  std::vector<tree_node> rows() const override;

  void launched(child_row& child) override;
  void launch_ignored(std::shared_ptr<child_row> gone) override;
  void launch_failed(std::shared_ptr<child_row> gone, const child_result& why) override;
  void ended(std::shared_ptr<child_row> gone, const exit_reason& why) override;
  void reported_healthy(child_row& child) override;
  bool all_reported() const override;
  void woken() override;

  // The steps of starts and restarts.

  /// Does pending steps until a step has to wait for a child.
  void advance();
  void advance_stop();
  bool busy() const { return starting_ != nullptr || stopping_ != nullptr; }
  void stop_member(child_row* child);
  void start_member(child_row* child);
  std::vector<restart_queue::member> members() const;
  void launch_row(child_row& child, caf::response_promise starter = {});
  void first_start_done();
  void run_queued_call();

  // Reactions to the end of a child.

  void handle_end(child_row& child, process_event::kind what);
  restart_decider::choice decide(child_row& child);
  void carry_out(child_row& child, restart_decider::choice what);
  void give_up(const child_row& child, std::string why);
  void stop_all(exit_reason why);
  bool shuts_down_after(const child_row& gone) const;
  child_status status_of(const child_row& child) const;
  /// Records that the child has no process. Returns the child's last run.
  child_run mark_down(child_row& child);
  void forget_if_temporary(child_row& child);

  // Requests.

  caf::message_handler requests();
  /// Whether a request waits while only the delay of a group is pending.
  enum class during_delay : std::uint8_t { wait, serve };
  /// Serves the request now, or after pending starts.
  caf::result<child_result> in_turn(during_delay then, serve_function serve);
  /// Whether only the delay of a group is pending.
  bool only_waits();
  void start(const start_child& request, caf::response_promise& promise);
  void restart(const restart_child& request, caf::response_promise& promise);
  void forget(const delete_child& request, caf::response_promise& promise);
  /// Why the child is not down. nullopt if the child exists and is down.
  std::optional<supervision_errc> unless_down(const child_row* child) const;
  caf::result<child_result> terminate(const terminate_child& request);
  caf::result<child_result> adopt(const adopt_child& request);
  child_spec_found find_spec(const get_child_spec& request);
  child_list list() const;
  child_counts count() const;
  child_row* asked_for(const std::string& id, const caf::actor& process);
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
