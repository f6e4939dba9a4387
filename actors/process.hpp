#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/exit_reason.hpp>
#include <ottla/actors/messages.hpp>
#include <ottla/actors/start.hpp>

#include <string>

namespace ottla {

/// An actor with OTP's life: it claims its name, runs init, tells its starter what became of the
/// start, ends on a shutdown request, and keeps the text of what it threw in its exit reason.
///
/// Derive from it, take (caf::actor_config&, process_context, …) in the constructor and only store
/// arguments there: a throw in a constructor reaches the spawning thread, not the supervisor.
class process : public caf::event_based_actor {
public:
  process(caf::actor_config& config, process_context context);

protected:
  /// Builds the state and answers the handlers. A throw, or stop(), is a failed start; an empty
  /// behavior is OTP's ignore.
  virtual caf::behavior set_up() = 0;

  /// A request to end. The default ends at once, with the given reason; whoever has something to
  /// finish overrides it and calls stop() when done. A kill does not come here.
  virtual void shutdown(const exit_reason& why);

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

  const process_context& context() const noexcept { return context_; }
  directory* names() const noexcept { return context_.names.get(); }

  /// The living process of that name, null where there is none.
  caf::actor whereis(std::string_view name) const;

  caf::actor self() { return caf::actor_cast<caf::actor>(this); }
  caf::actor_clock::time_point now() { return clock().now(); }

  caf::behavior make_behavior() final;
  void on_exit() final;

private:
  void answer(process_started::outcome result, std::string text = {}, caf::actor holder = {});

  process_context context_;
  bool start_deferred_ = false;
  bool stopping_ = false;
};

} // namespace ottla
