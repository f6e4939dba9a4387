#include <ottla/actors/call.hpp>
#include <ottla/actors/server.hpp>

#include <algorithm>
#include <utility>

namespace ottla {

server::server(caf::actor_config& config, process_context context)
  : process{config, std::move(context)} {}

caf::behavior server::set_up() {
  handlers on{*this};
  auto result = init(on);
  switch (result.what()) {
    case init_result::kind::ignore: ignore_start(); return {};
    case init_result::kind::later: defer_start(); break;
    case init_result::kind::ok:
      if (const auto& why = result.follows().end()) {
        process::stop(*why);
        return {};
      }
      if (result.follows().step() || result.follows().idle())
        after_init_ = std::make_unique<next>(result.follows());
      break;
  }
  return on.take();
}

void server::started_up() {
  up_ = true;
  if (const auto follows = std::exchange(after_init_, nullptr))
    follow(std::move(*follows));
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

void server::silence(std::uint64_t timer) {
  if (timer != idle_->timer)
    return;
  idle_->timer_at = caf::actor_clock::time_point::max();
  if (idle_->after != messages_)
    return;
  if (now() < idle_->due)
    set_idle_timer();
  else
    follow(timed_out());
}

void server::start_done(next follows) {
  up_ = true;
  process::start_done();
  follow(std::move(follows));
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

void server::follow(next what) {
  while (what.step())
    what = what.step()();
  if (what.end())
    stop(*what.end());
  else if (what.idle() && *what.idle() <= longest_wait)
    wait_idle(*what.idle());
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

void server::remember(std::weak_ptr<open_call> call) {
  if (open_calls_.size() == open_calls_.capacity())
    std::erase_if(open_calls_, [](const auto& each) { return each.expired(); });
  open_calls_.push_back(std::move(call));
}

} // namespace ottla
