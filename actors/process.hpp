#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/exit_reason.hpp>
#include <ottla/actors/messages.hpp>
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

/// An actor with OTP's life: it claims its name, runs init, tells its starter what became of the
/// start, ends on a shutdown request, and keeps the text of what it threw in its exit reason.
///
/// Derive from it, take (caf::actor_config&, process_context, …) in the constructor and only store
/// arguments there: a throw in a constructor reaches the spawning thread, not the supervisor.
class process : public caf::event_based_actor {
public:
  process(caf::actor_config& config, process_context context);
  ~process() override;

  /// Its last callback has returned. From any thread.
  bool is_gone() const noexcept { return gone_.load(std::memory_order_acquire); }

  /// Null for a process that was started without a label. From any thread.
  const process_label* label() const noexcept { return context_.label.get(); }

  /// CAF's become and unbecome, except that an empty behavior does not end the process: a process
  /// without handlers keeps running.
  template <class... Args>
  void become(Args&&... args) {
    caf::event_based_actor::become(std::forward<Args>(args)...);
    stay_alive();
  }
  void unbecome() {
    // Nothing is left to take back after a stop.
    if (!bhvr_stack().empty())
      caf::event_based_actor::unbecome();
    stay_alive();
  }

protected:
  /// Builds the state and returns the handlers. A throw, or stop(), is a failed start. A process
  /// without handlers lives like any other: see ignore_start() for a process that has nothing to
  /// do.
  virtual caf::behavior set_up() = 0;

  /// A request to end. The default ends at once, with the given reason; whoever has something to
  /// finish overrides it and calls stop() when done. A kill does not come here.
  virtual void shutdown(const exit_reason& why);

  /// A linked process ended, or a stranger sent an exit: this one ends with that reason, and
  /// shutdown() does not run. Not called while exits are trapped.
  virtual void cut_off(const exit_reason& why) { stop(why); }

  /// From now on the exits of linked processes and of strangers come as messages, `exited`, normal
  /// ones too. A supervisor's request to end goes to shutdown() as before, and a kill stays one.
  void trap_exits(bool on = true) noexcept { traps_exits_ = on; }

  /// The state in words, for whoever looks at the running program (see introspection.hpp). The
  /// default names the type. A throw fails the question, not the process.
  virtual std::string state_text() const;

  /// Runs on every end, kill included. Must not throw, nor make handles to this process or send as
  /// it: it may be ending because nobody holds one any more. `post` is fine.
  virtual void terminated() {}

  /// The start is done and told: what is to be done before the first message.
  virtual void started_up() {}

  /// A handler threw, which ends this process. Answers the reason that it ends with.
  virtual exit_reason threw(exit_reason crashed) { return crashed; }

  /// Ends this process once the handler in hand returns.
  void stop(exit_reason why = exit_reason::normal());

  /// In init: the start counts as done only when start_done() is called.
  void defer_start() { start_deferred_ = true; }
  void start_done();

  /// Reports that this process works. If child_spec::healthy is `told`, the supervisor forgets the
  /// failures of earlier runs. Call this after work that a broken process could not have done. Only
  /// the first call of a run counts; further calls only read a flag. A call in init takes effect
  /// when the start is done.
  void tell_healthy();

  /// OTP's ignore, in init: this process has nothing to do. The process ends normally, and the
  /// starter is told that the start was ignored, which is no failure.
  void ignore_start();

  /// Its supervisor waits for tell_healthy().
  bool owes_health() const noexcept { return health_reader_ && !is_healthy_; }

  const process_context& context() const noexcept { return context_; }
  directory* names() const noexcept { return context_.names.get(); }

  /// The living process of that name, null where there is none.
  caf::actor whereis(std::string_view name) const;

  caf::actor self() { return caf::actor_cast<caf::actor>(this); }
  caf::actor_clock::time_point now() { return clock().now(); }

  caf::behavior make_behavior() final;
  void on_exit() final;

  /// An answer on its way out by a promise, which a trace would not see otherwise.
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

  /// An idle_timeout came.
  virtual void silence(std::uint64_t timer) { static_cast<void>(timer); }

  bool is_named() const noexcept;

  /// CAF ends an actor whose last behavior is gone.
  void stay_alive();

  unknown_result handle_unknown(message_content& what);
  void exit_came(const caf::actor_addr& from, exit_reason why);
  /// Hands it to the handlers, in the place of the message in hand.
  void deliver(caf::message what);
  void note_answer_message(const caf::response_promise& to, const caf::message& what);
  detail::process_extras& extras();
  void answer(process_started::outcome result, std::string text = {}, caf::actor holder = {});
  void report_health();

  process_context context_;
  /// What few processes need, made when it is needed.
  std::unique_ptr<detail::process_extras> extras_;
  /// Who wants to know that this process is healthy; null: nobody. Weak, as the supervisor has a
  /// handle to this process.
  caf::actor_addr health_reader_;
  bool start_deferred_ = false;
  bool stopping_ = false;
  bool traps_exits_ = false;
  bool observed_ = false;
  /// By its supervisor: it needs its messages to end.
  bool asked_to_end_ = false;
  bool is_healthy_ = false;
  std::atomic<bool> gone_ = false;
};

/// For people: where in the tree a process is, and which actor: `shop/orders (actor 17)`. From any
/// thread.
std::string describe(const caf::actor& who);

/// An ottla::process, and no other actor. From any thread.
bool is_process(const caf::actor& who);

/// Dead, and its last callback has returned: nothing that it does can meet its replacement any
/// more. Later than the end of is_alive. From any thread.
bool has_ended(const caf::actor& who);

} // namespace ottla
