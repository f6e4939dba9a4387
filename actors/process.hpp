#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/exit_reason.hpp>
#include <ottla/actors/process_messages.hpp>
#include <ottla/actors/start.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <utility>

namespace ottla::detail {

struct links;
struct monitors;
struct process_extras;
class observation;

} // namespace ottla::detail

namespace ottla {

template <class Answer>
class caller;

/// An actor with the life cycle of an OTP process. It claims its name, runs init, reports the
/// outcome of the start to its starter, and ends on a shutdown request. Its exit reason keeps the
/// text of an exception.
///
/// Derive from it, take (caf::actor_config&, process_context, …) in the constructor and only store
/// arguments there. An exception from a constructor reaches the code that spawns the process.
class process : public caf::event_based_actor {
public:
  process(caf::actor_config& config, process_context context);
  ~process() override;

  /// True once the last callback has returned. Call from any thread.
  bool is_gone() const noexcept { return gone_.load(std::memory_order_acquire); }

  /// Null for a process that was started without a label. Call from any thread.
  const process_label* label() const noexcept { return context_.label.get(); }

  /// CAF's become and unbecome, except that an empty behavior does not end the process: a process
  /// without handlers keeps running.
  template <class... Args>
  void become(Args&&... args) {
    caf::event_based_actor::become(std::forward<Args>(args)...);
    stay_alive();
  }
  void unbecome() {
    // After a stop the stack is empty.
    if (!bhvr_stack().empty())
      caf::event_based_actor::unbecome();
    stay_alive();
  }

protected:
  /// Builds the state and returns the handlers. An exception, or stop(), is a failed start. A
  /// process without handlers keeps running; a process that has nothing to do calls ignore_start().
  virtual caf::behavior set_up() = 0;

  /// Handles a request to end. The default ends at once with the given reason. Override it to
  /// finish work first, and call stop() when done. A kill does not call this.
  virtual void shutdown(const exit_reason& why);

  /// Handles the exit of a linked process or of a stranger: this process ends with that reason, and
  /// shutdown() does not run. Not called while exits are trapped.
  virtual void cut_off(const exit_reason& why) { stop(why); }

  /// From now on the exits of linked processes and of strangers arrive as `exited` messages, normal
  /// ones too. A supervisor's request to end still calls shutdown(), and a kill still kills.
  void trap_exits(bool on = true) noexcept { traps_exits_ = on; }

  /// The state in words, for the requests of introspection.hpp. The default names the type. An
  /// exception fails the request, not the process.
  virtual std::string state_text() const;

  /// Runs on every end, a kill included. Must not throw. Must not make handles to this process or
  /// send as it: the process may be ending because no handle is left. `post` is fine.
  virtual void terminated() {}

  /// Runs after the start is done and reported, before the first message.
  virtual void started_up() {}

  /// Runs when a handler threw, which ends this process. Returns the exit reason.
  virtual exit_reason threw(exit_reason crashed) { return crashed; }

  /// Ends this process once the current handler returns.
  void stop(exit_reason why = exit_reason::normal());

  /// Call in init: the start is then complete only after start_done().
  void defer_start() { start_deferred_ = true; }
  void start_done();

  /// Reports that this process works. If child_spec::healthy is `reported`, the supervisor forgets
  /// the failures of earlier runs. Call this after work that a broken process could not have done.
  /// Only the first call of a run counts; further calls only read a flag. A call in set_up() takes
  /// effect when the start is done.
  void report_healthy();

  /// OTP's ignore, for init: this process has nothing to do. The process ends normally, and reports
  /// `ignored` to its starter, which is no failure.
  void ignore_start();

  /// Whether the supervisor waits for report_healthy().
  bool owes_health() const noexcept { return health_reader_ && !is_healthy_; }

  const process_context& context() const noexcept { return context_; }
  directory* names() const noexcept { return context_.names.get(); }

  /// The living process with that name; null if there is none.
  caf::actor whereis(std::string_view name) const;

  caf::actor self() { return caf::actor_cast<caf::actor>(this); }
  caf::actor_clock::time_point now() { return clock().now(); }

  caf::behavior make_behavior() final;
  void on_exit() final;

  /// Shows an answer by a promise to the traces, which do not see it otherwise.
  template <class... Answer>
  void note_answer(const caf::response_promise& to, const Answer&... what) {
    if (observed_) [[unlikely]]
      note_answer_message(to, caf::make_message(what...));
  }
  void note_failure(const caf::response_promise& to, const exit_reason& why);

private:
  template <class Answer>
  friend class caller;
  friend struct detail::links;
  friend struct detail::monitors;
  friend class detail::observation;

  /// Handles an idle_timeout.
  virtual void silence(std::uint64_t timer) { static_cast<void>(timer); }

  bool is_named() const noexcept;

  /// CAF ends an actor whose last behavior is gone.
  void stay_alive();

  unknown_result handle_unknown(message_content& what);
  void exit_came(const caf::actor_addr& from, exit_reason why);
  /// Hands `what` to the handlers in place of the current message.
  void deliver(caf::message what);
  void note_answer_message(const caf::response_promise& to, const caf::message& what);
  detail::process_extras& extras();
  void answer(process_started::outcome result, std::string text = {}, caf::actor holder = {});
  void report_health();

  process_context context_;
  /// State that few processes need, created on first use.
  std::unique_ptr<detail::process_extras> extras_;
  /// The supervisor that waits for report_healthy(); null if none does. Only an address, since the
  /// supervisor has a handle to this process.
  caf::actor_addr health_reader_;
  bool start_deferred_ = false;
  bool stopping_ = false;
  bool traps_exits_ = false;
  bool observed_ = false;
  /// By its supervisor. From then on not suspended: the process needs its messages to end.
  bool asked_to_end_ = false;
  bool is_healthy_ = false;
  std::atomic<bool> gone_ = false;
};

/// For logs: the path of a process and its actor number, as `shop/orders (actor 17)`. Call from any
/// thread.
std::string describe(const caf::actor& who);

/// Whether the actor is an ottla::process. Call from any thread.
bool is_process(const caf::actor& who);

/// True once the process is dead and its last callback has returned: it cannot collide with its
/// replacement any more. Becomes true later than is_alive becomes false. Call from any thread.
bool has_ended(const caf::actor& who);

} // namespace ottla
