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

/// An actor with the life cycle of an OTP process. A process claims its name, runs set_up(),
/// reports the outcome of the start to its starter, and ends on a shutdown request. An exception in
/// a handler ends the process, and the exit reason has the exception's text.
///
/// Programs derive from `server`, which adds calls, timeouts and terminate() (OTP's gen_server).
/// Derive from `process` only if the process returns CAF's own handlers, replaces its handlers with
/// become(), or works on after a shutdown request. Supervisors and registries are such processes.
///
/// Derived classes take (caf::actor_config&, process_context, …) in the constructor and only store
/// arguments there. An exception from a constructor reaches the code that spawns the process.
class process : public caf::event_based_actor {
public:
  process(caf::actor_config& config, process_context context);
  ~process() override;

  /// True after the last callback has returned. Call from any thread.
  bool is_gone() const noexcept { return gone_.load(std::memory_order_acquire); }

  /// Null for a process that was started without a label. Call from any thread.
  const process_label* label() const noexcept { return context_.label.get(); }

  /// Like CAF's become and unbecome, except that a process with an empty behavior keeps running.
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
  /// Builds the state and returns the handlers. An exception or stop() fails the start. A process
  /// without handlers keeps running. A process that has nothing to do calls ignore_start().
  virtual caf::behavior set_up() = 0;

  /// Handles a request to end. By default the process ends at once with the given reason. Override
  /// this to finish work first, and call stop() when the work is done. A kill does not call this.
  virtual void shutdown(const exit_reason& why);

  /// Handles an exit from a linked process or from another actor that is not the supervisor. This
  /// process ends with the same reason, and shutdown() does not run. Not called while exits are
  /// trapped.
  virtual void cut_off(const exit_reason& why) { stop(why); }

  /// From now on all exits, including normal exits, arrive as `exited` messages. A supervisor's
  /// request to end still calls shutdown(), and a kill still kills.
  void trap_exits(bool on = true) noexcept { traps_exits_ = on; }

  /// The state as text, for the requests of introspection.hpp. The default is the type's name. An
  /// exception does not end the process: get_state fails, and get_status returns the exception's
  /// text.
  virtual std::string state_text() const;

  /// Runs on every end, including a kill. Must not throw. Must not make handles to this process or
  /// send with it as sender, since the process may end because its last handle was released. `post`
  /// is allowed.
  virtual void terminated() {}

  /// Runs after the start is reported, before the first message. Never runs after defer_start().
  virtual void started_up() {}

  /// Runs after a handler threw, which ends this process. Returns the exit reason.
  virtual exit_reason threw(exit_reason crashed) { return crashed; }

  /// Ends this process after the current handler has returned.
  void stop(exit_reason why = exit_reason::normal());

  /// Call in set_up(). The start then completes with start_done().
  void defer_start() { start_deferred_ = true; }
  void start_done();

  /// Reports that this process is healthy. If child_spec::healthy is `reported`, the supervisor
  /// then resets the failures of earlier runs. Call this after work that a broken process could not
  /// have done. Only the first call of a run reports; further calls only read a flag. A call in
  /// set_up() takes effect when the start is done.
  void report_healthy();

  /// Call in set_up() if this process has nothing to do (OTP's ignore). The process ends normally,
  /// and reports `ignored` to its starter, which is no failure.
  void ignore_start();

  /// Whether the supervisor waits for report_healthy().
  bool owes_health() const noexcept { return health_reader_ && !is_healthy_; }

  const process_context& context() const noexcept { return context_; }
  directory* names() const noexcept { return context_.names.get(); }

  /// The living process that holds the name; null if there is none.
  caf::actor whereis(std::string_view name) const;

  caf::actor self() { return caf::actor_cast<caf::actor>(this); }
  caf::actor_clock::time_point now() { return clock().now(); }

  caf::behavior make_behavior() final;
  void on_exit() final;

  /// Shows the answer of a promise to traces and counters, which cannot observe promises.
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
  virtual void idle_timer_fired(std::uint64_t timer) { static_cast<void>(timer); }

  bool is_named() const noexcept;

  /// Adds an empty behavior if none is left, since CAF ends an actor without a behavior.
  void stay_alive();

  unknown_result handle_unknown(message_content& what);
  void exit_came(const caf::actor_addr& from, exit_reason why);
  /// Passes `what` to the handlers in place of the current message.
  void deliver(caf::message what);
  void note_answer_message(const caf::response_promise& to, const caf::message& what);
  detail::process_extras& extras();
  void answer(process_started::outcome result, std::string text = {}, caf::actor holder = {});
  void report_health();

  process_context context_;
  /// State that few processes need, created on first use.
  std::unique_ptr<detail::process_extras> extras_;
  /// The supervisor that waits for report_healthy(); null if none waits. An address, since the
  /// supervisor holds a handle to this process.
  caf::actor_addr health_reader_;
  bool start_deferred_ = false;
  bool stopping_ = false;
  bool traps_exits_ = false;
  bool observed_ = false;
  /// The supervisor has asked this process to end. The process can no longer be suspended, since it
  /// needs its messages to end.
  bool asked_to_end_ = false;
  bool is_healthy_ = false;
  std::atomic<bool> gone_ = false;
};

/// The path of a process and its actor number for logs: `shop/orders (actor 17)`. Call from any
/// thread.
std::string describe(const caf::actor& who);

/// Whether the actor is an ottla::process. Call from any thread.
bool is_process(const caf::actor& who);

/// True after the process has died and its last callback has returned. The process can then no
/// longer collide with its replacement. Becomes true later than is_alive becomes false. Call from
/// any thread.
bool has_ended(const caf::actor& who);

} // namespace ottla
