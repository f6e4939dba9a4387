#include <ottla/actors/internal/process_extras.hpp>
#include <ottla/actors/internal/type_name.hpp>
#include <ottla/actors/process.hpp>

#include <exception>
#include <typeinfo>
#include <utility>

namespace ottla {

process::process(caf::actor_config& config, process_context context)
  : caf::event_based_actor{config}, context_{std::move(context)} {
  if (context_.reports_health)
    health_reader_ = caf::actor_cast<caf::actor_addr>(context_.starter);
}

process::~process() = default;

caf::behavior process::make_behavior() {
  on_unknown_message(this, [this](message_content& what) { return handle_unknown(what); });
  on_exception(this, [this](const std::exception_ptr& thrown) {
    return to_error(threw(exit_reason::crashed(text_of(thrown))));
  });
  on_exit_request(this, [this](const caf::exit_msg& exit) {
    exit_came(exit.source, to_exit_reason(exit.reason));
  });
  // CAF returns an error to the sender of a failed cast. OTP's casts report nothing, so ignore it.
  on_error_message(this, [](const caf::error&) {});
  caf::behavior handlers;
  try {
    if (is_named()) {
      const auto& name = context_.label->name;
      auto& names = *context_.names;
      auto holder = context_.starter ? names.claim_held(name, self()) : names.claim(name, self());
      if (holder != self()) {
        answer(process_started::outcome::already_started, name, std::move(holder));
        quit();
        return {};
      }
    }
    handlers = set_up();
  } catch (...) {
    auto text = text_of(std::current_exception());
    answer(process_started::outcome::failed, text);
    quit(to_error(exit_reason::crashed(std::move(text))));
    return {};
  }
  if (stopping_)
    return {};
  // A set_up that called become() may return an empty behavior.
  if (!handlers && bhvr_stack().empty())
    handlers = no_handlers();
  if (!start_deferred_)
    start_done();
  try {
    if (!start_deferred_)
      started_up();
  } catch (...) {
    quit(to_error(threw(exit_reason::crashed(text_of(std::current_exception())))));
  }
  return handlers;
}

void process::on_exit() {
  terminated();
  if (extras_) {
    detail::monitors::take_back(*this);
    observed_ = false;
    extras_.reset();
  }
  if (is_named())
    context_.names->release(context_.label->name, address());
  // Handles in a dead actor's state would keep other actors alive. The label stays, since other
  // threads may read it.
  context_.names.reset();
  context_.starter = {};
  health_reader_ = {};
  context_.children.reset();
  context_.tree.reset();
  gone_.store(true, std::memory_order_release);
}

bool process::is_named() const noexcept {
  return context_.names && context_.label && !context_.label->name.empty();
}

void process::shutdown(const exit_reason& why) {
  stop(why);
}

void process::stop(exit_reason why) {
  stopping_ = true;
  if (context_.starter)
    answer(process_started::outcome::failed, to_string(why));
  quit(to_error(why));
}

void process::ignore_start() {
  stopping_ = true;
  answer(process_started::outcome::ignored);
  quit();
}

void process::report_healthy() {
  // During the start answer() reports the health.
  if (!std::exchange(is_healthy_, true) && !context_.starter)
    report_health();
}

void process::report_health() {
  if (const auto reader = caf::actor_cast<caf::actor>(health_reader_))
    cast(this, reader, process_healthy{});
}

void process::stay_alive() {
  if (bhvr_stack().empty() && !is_ending(this))
    bhvr_stack().push_back(no_handlers());
}

void process::start_done() {
  answer(process_started::outcome::ok);
}

std::string process::state_text() const {
  return detail::type_name(typeid(*this));
}

void process::exit_came(const caf::actor_addr& from, exit_reason why) {
  const bool suspended = extras_ && extras_->seen.suspended();
  if (from == address()) {
    // A suspended process could not finish its work.
    if (suspended)
      extras_->seen.resume();
    asked_to_end_ = true;
    shutdown(why);
  } else if (!traps_exits_) {
    if (why != exit_reason::normal())
      cut_off(why);
  } else if (suspended) {
    post(self(), exited{from, std::move(why)});
  } else {
    deliver(caf::make_message(exited{from, std::move(why)}));
  }
}

unknown_result process::handle_unknown(message_content& what) {
  if (is_introspection(what))
    return extras().seen.serve(what);
  if (what.match_elements<detail::report_health>()) {
    health_reader_ = what.get_as<detail::report_health>(0).to.address();
    if (is_healthy_)
      report_health();
    return caf::make_message();
  }
  const bool suspended = extras_ && extras_->seen.suspended();
  if (what.match_elements<detail::link_exit>() && !(suspended && traps_exits_)) {
    detail::links::ended(*this, what.get_as<detail::link_exit>(0));
    return caf::make_message();
  }
  if (suspended)
    return extras_->seen.keep_for_later();
  if (what.match_elements<detail::idle_timeout>()) {
    idle_timer_fired(what.get_as<detail::idle_timeout>(0).timer);
    return caf::make_message();
  }
  if (what.match_elements<detail::monitor_fired>()) {
    detail::monitors::fired(*this, what.get_as<detail::monitor_fired>(0));
    return caf::make_message();
  }
  if (what.match_elements<detail::late_down>()) {
    extras().seen.handle(what.get_as<detail::late_down>(0));
    return caf::make_message();
  }
  auto refused = caf::make_error(caf::sec::unexpected_message);
  if (observed_)
    extras_->seen.fails(refused);
  return refused;
}

void process::deliver(caf::message what) {
  if (!bhvr_stack().empty())
    bhvr_stack().back()(what);
}

void process::note_answer_message(const caf::response_promise& to, const caf::message& what) {
  extras_->seen.note_answer(to.source(), what);
}

void process::note_failure(const caf::response_promise& to, const exit_reason& why) {
  if (observed_) [[unlikely]]
    extras_->seen.note_failure(to.source(), why);
}

detail::process_extras& process::extras() {
  if (!extras_)
    extras_ = std::make_unique<detail::process_extras>(*this);
  return *extras_;
}

caf::actor process::whereis(std::string_view name) const {
  return context_.names ? context_.names->whereis(name) : caf::actor{};
}

void process::answer(process_started::outcome result, std::string text, caf::actor holder) {
  if (auto starter = std::exchange(context_.starter, {}))
    cast(this, starter,
         process_started{.result = result, .text = std::move(text), .holder = std::move(holder)});
  if (is_healthy_ && result == process_started::outcome::ok)
    report_health();
}

std::string describe(const caf::actor& who) {
  if (!who)
    return "nobody";
  const auto number = "actor " + std::to_string(who.id());
  const auto* ours = dynamic_cast<process*>(caf::actor_cast<caf::abstract_actor*>(who));
  if (ours == nullptr || ours->label() == nullptr)
    return number;
  return ours->label()->path() + " (" + number + ')';
}

bool is_process(const caf::actor& who) {
  return dynamic_cast<process*>(caf::actor_cast<caf::abstract_actor*>(who)) != nullptr;
}

bool has_ended(const caf::actor& who) {
  if (!who)
    return true;
  if (is_alive(who))
    return false;
  const auto* ours = dynamic_cast<process*>(caf::actor_cast<caf::abstract_actor*>(who));
  return ours == nullptr || ours->is_gone();
}

} // namespace ottla
