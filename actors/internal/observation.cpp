#include <ottla/actors/internal/observation.hpp>
#include <ottla/actors/link.hpp>
#include <ottla/actors/monitor.hpp>
#include <ottla/actors/process.hpp>
#include <ottla/actors/process_messages.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace ottla::detail {

namespace {

/// True for messages that counts and traces leave out: CAF's and ottla's internal messages,
/// introspection requests, and the traces of other processes.
bool is_internal(const message_content& what) {
  return what.match_elements<caf::exit_msg>() || what.match_elements<caf::down_msg>()
         || what.match_elements<caf::error>() || what.match_elements<link_exit>()
         || what.match_elements<monitor_fired>() || what.match_elements<late_down>()
         || what.match_elements<idle_timeout>() || what.match_elements<process_trace>()
         || is_introspection(what);
}

} // namespace

unknown_result observation::serve(message_content& what) {
  if (!requests_)
    requests_ = caf::behavior{
      [this](get_state) -> caf::result<std::string> {
        try {
          return process_.state_text();
        } catch (...) {
          return make_text_error(ottla::text_of(std::current_exception()));
        }
      },
      [this](get_status) { return status(); },
      [this](ottla::suspend) { suspend(); },
      [this](ottla::resume) { resume(); },
      [this](count_messages how) { count(how.on); },
      [this](get_statistics) { return statistics(); },
      [this](const trace_to& to) { return add(to.whom.address(), nullptr); },
      [this](const trace_with& with) { return add({}, with.report); },
      [this](stop_trace stop) {
        std::erase_if(tracers_, [&](const tracer& one) { return one.ref == stop.which; });
        update();
      },
    };
  auto answer = requests_(what);
  // After a handled message CAF offers the skipped messages again.
  skipped_ = 0;
  if (answer)
    return std::move(*answer);
  return caf::make_error(caf::sec::unexpected_message);
}

void observation::suspend() {
  if (process_.asked_to_end_ || std::exchange(suspended_, true))
    return;
  // CAF cannot skip a DOWN as it skips other messages, so a late_down goes to the mailbox's end.
  on_down_ = exchange_down_handler(&process_, [this](caf::scheduled_actor*, caf::down_msg& down) {
    skipped_ = 0;
    post(process_.self(), late_down{down.source, down.reason});
  });
  update();
}

void observation::resume() {
  if (!std::exchange(suspended_, false))
    return;
  exchange_down_handler(&process_, std::exchange(on_down_, nullptr));
  update();
}

unknown_result observation::keep_for_later() {
  ++skipped_;
  return caf::skip;
}

void observation::handle(const late_down& what) {
  caf::down_msg down{what.source, what.reason};
  handle_down(&process_, down);
}

void observation::count(bool on) {
  counted_.reset();
  if (on)
    counted_ = process_statistics{.since = process_.now()};
  update();
}

trace_ref observation::add(caf::actor_addr whom, std::function<void(const process_trace&)> report) {
  const trace_ref ref{++last_trace_};
  tracers_.push_back({ref, std::move(whom), std::move(report)});
  update();
  return ref;
}

process_status observation::status() {
  const auto* label = process_.context().label.get();
  process_status result{.path = label != nullptr ? label->path() : std::string{},
                        .name = label != nullptr ? label->name : std::string{},
                        .suspended = suspended_,
                        .traps_exits = process_.traps_exits_,
                        .traces = tracers_.size(),
                        .mailbox_length = mailbox_length(&process_, skipped_)};
  try {
    result.state = process_.state_text();
  } catch (...) {
    result.state = ottla::text_of(std::current_exception());
  }
  return result;
}

process_statistics observation::statistics() {
  auto result = counted_.value_or(process_statistics{});
  result.mailbox_length = mailbox_length(&process_, skipped_);
  return result;
}

void observation::update() {
  const bool needed = suspended_ || counted_ || !tracers_.empty();
  process_.observed_ = counted_ || !tracers_.empty();
  auto& handlers = process_.bhvr_stack();
  if (handlers.empty())
    return;
  const bool there = wrapped_ && handlers.back().as_behavior_impl() == wrapped_.as_behavior_impl();
  if (needed == there)
    return;
  if (needed) {
    inner_ = handlers.back();
    wrapped_ = watched(inner_, *this);
    process_.become(wrapped_);
  } else {
    process_.become(std::exchange(inner_, {}));
    wrapped_ = {};
  }
}

bool observation::comes(const message_content& what) {
  if (suspended_)
    return false;
  if (!process_.observed_ || is_internal(what))
    return true;
  if (counted_)
    ++counted_->messages_in;
  if (!tracers_.empty())
    report(process_.current_message_id().is_request() ? process_trace::kind::call
                                                      : process_trace::kind::message,
           process_.current_sender(), text_of(what));
  return true;
}

void observation::answers(const caf::message& what) {
  if (process_.current_message_id().is_request())
    note_answer(process_.current_sender(), what);
}

void observation::fails(const caf::error& why) {
  if (process_.current_message_id().is_request())
    note_failure(process_.current_sender(), to_exit_reason(why));
}

void observation::note_answer(const caf::strong_actor_ptr& to, const caf::message& what) {
  note_out(to, what.empty() ? std::string{"nothing"} : text_of(what));
}

void observation::note_failure(const caf::strong_actor_ptr& to, const exit_reason& why) {
  note_out(to, "failure: " + to_string(why));
}

void observation::note_out(const caf::strong_actor_ptr& to, std::string text) {
  if (counted_)
    ++counted_->answers_out;
  if (!tracers_.empty())
    report(process_trace::kind::answer, to, std::move(text));
}

void observation::report(process_trace::kind what, const caf::strong_actor_ptr& peer,
                         std::string text) {
  const process_trace event{.what = what,
                            .process = process_.address(),
                            .path
                            = process_.context().label ? process_.context().label->path() : "",
                            .peer = peer ? peer->address() : caf::actor_addr{},
                            .text = std::move(text),
                            .when = process_.now()};
  if (std::erase_if(tracers_, [&](const tracer& one) { return !report(one, event); }) != 0)
    update();
}

bool observation::report(const tracer& one, const process_trace& event) const {
  if (one.report) {
    try {
      one.report(event);
      return true;
    } catch (...) {
      return false;
    }
  }
  const auto to = caf::actor_cast<caf::actor>(one.whom);
  if (!is_alive(to))
    return false;
  post(to, event);
  return true;
}

} // namespace ottla::detail
