#include <ottla/actors/process_messages.hpp>
#include <ottla/actors/stop.hpp>

#include <utility>

namespace ottla {

namespace {

/// Asks one process to end, and answers after its end.
class stopper : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;

  caf::behavior make_behavior() override {
    return {
      [this](detail::stop_process& what) -> caf::result<void> {
        answer_ = make_response_promise();
        on_down(this, [this, asked = what.why](const caf::down_msg& down) {
          ended(asked, to_exit_reason(down.reason));
        });
        start_watching(this, what.whom);
        request_exit(what.whom, to_error(what.why));
        if (what.within != infinity)
          cast_after(this, what.within, detail::stop_too_long{});
        return caf::delegated<void>{};
      },
      // The deadline of the caller's request has already reported the timeout.
      [this](detail::stop_too_long) { quit(); },
    };
  }

  void on_exit() override { answer_ = {}; }

private:
  void ended(const exit_reason& asked, const exit_reason& why) {
    if (why == asked)
      answer_nothing(answer_);
    else
      answer_.deliver(to_failure(why));
    quit();
  }

  caf::response_promise answer_;
};

process_ref make_stopper(caf::actor_system& system) {
  return caf::actor_cast<caf::actor>(system.spawn<stopper>());
}

} // namespace

void stop(caf::event_based_actor* self, const process_ref& whom, exit_reason why,
          saturating<std::chrono::nanoseconds> within,
          std::function<void(const call_result<void>&)> then) {
  const auto to = whom.resolve();
  call<void>(self, to ? make_stopper(self->home_system()) : process_ref{}, within,
             detail::stop_process{to, std::move(why), within}, std::move(then));
}

call_result<void> stop(caf::actor_system& system, const process_ref& whom, exit_reason why,
                       saturating<std::chrono::nanoseconds> within) {
  const auto to = whom.resolve();
  if (!to)
    return exit_reason::noproc();
  return call<void>(system, make_stopper(system), within,
                    detail::stop_process{to, std::move(why), within});
}

} // namespace ottla
