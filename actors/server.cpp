#include <ottla/actors/call.hpp>
#include <ottla/actors/server.hpp>

#include <algorithm>
#include <utility>

namespace ottla {

server::server(caf::actor_config& config, process_context context)
  : process{config, std::move(context)} {}

caf::behavior server::set_up() {
  handlers on{*this};
  auto initialized = init(on);
  switch (initialized.result()) {
    case init_result::kind::ignore: ignore_start(); return {};
    case init_result::kind::later: defer_start(); break;
    case init_result::kind::ok:
      if (const auto& why = initialized.follows().end()) {
        process::stop(*why);
        return {};
      }
      if (initialized.follows().step() || initialized.follows().idle())
        after_init_ = std::make_unique<next>(initialized.follows());
      break;
  }
  return on.take();
}

void server::started_up() {
  up_ = true;
  if (const auto follows = std::exchange(after_init_, nullptr))
    carry_out(std::move(*follows));
}

void server::wait_idle(std::chrono::nanoseconds within) {
  if (!idle_)
    idle_ = std::make_unique<idle_wait>();
  idle_->after = messages_;
  idle_->due = saturating_add(now(), within);
  if (idle_->due < idle_->timer_at)
    set_idle_timer();
}

void server::set_idle_timer() {
  idle_->timer_at = idle_->due;
  cast_after(this, idle_->due - now(), detail::idle_timeout{++idle_->timer});
}

void server::idle_timer_fired(std::uint64_t timer) {
  if (timer != idle_->timer)
    return;
  idle_->timer_at = caf::actor_clock::time_point::max();
  if (idle_->after != messages_)
    return;
  if (now() < idle_->due)
    set_idle_timer();
  else
    carry_out(timed_out());
}

void server::start_done(next follows) {
  up_ = true;
  process::start_done();
  carry_out(std::move(follows));
}

void server::shutdown(const exit_reason& why) {
  stop(why);
}

void server::cut_off(const exit_reason& why) {
  up_ = false;
  ends_with_ = why;
  process::stop(why);
}

void server::stop(exit_reason why) {
  process::stop(run_terminate(std::move(why)));
}

exit_reason server::threw(exit_reason crashed) {
  return run_terminate(std::move(crashed));
}

void server::terminated() {
  for (const auto& each : std::exchange(open_calls_, {}))
    if (const auto call = each.lock())
      call->fail(ends_with_);
}

void server::carry_out(next step) {
  while (step.step())
    step = step.step()();
  if (step.end())
    stop(*step.end());
  else if (step.idle() && *step.idle() <= longest_wait)
    wait_idle(*step.idle());
}

exit_reason server::run_terminate(exit_reason why) {
  if (std::exchange(up_, false)) {
    try {
      terminate(why);
    } catch (...) {
      why = exit_reason::crashed(text_of(std::current_exception()));
    }
  }
  ends_with_ = why;
  return why;
}

void server::add_open_call(std::weak_ptr<detail::open_call> call) {
  if (open_calls_.size() == open_calls_.capacity())
    std::erase_if(open_calls_, [](const auto& each) { return each.expired(); });
  open_calls_.push_back(std::move(call));
}

} // namespace ottla
