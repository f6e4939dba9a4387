#include <ottla/actors/process.hpp>

#include <exception>
#include <utility>

namespace ottla {

process::process(caf::actor_config& config, process_context context)
  : caf::event_based_actor{config}, context_{std::move(context)} {}

caf::behavior process::make_behavior() {
  drop_unknown_messages(this);
  on_exception(this, [this](const std::exception_ptr& thrown) {
    return to_error(threw(exit_reason::crashed(text_of(thrown))));
  });
  on_exit_request(this,
                  [this](const caf::exit_msg& exit) { shutdown(to_exit_reason(exit.reason)); });
  caf::behavior handlers;
  try {
    if (context_.names && !context_.name.empty()) {
      auto holder = context_.names->claim(context_.name, self());
      if (holder != self()) {
        answer(process_started::outcome::already_started, context_.name, std::move(holder));
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
  if (!handlers) {
    answer(process_started::outcome::ignored);
    quit();
    return {};
  }
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
  // Handles in a dead actor's state keep others alive.
  context_ = {};
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

void process::start_done() {
  answer(process_started::outcome::ok);
}

caf::actor process::whereis(std::string_view name) const {
  return context_.names ? context_.names->whereis(name) : caf::actor{};
}

void process::answer(process_started::outcome result, std::string text, caf::actor holder) {
  if (auto starter = std::exchange(context_.starter, {}))
    cast(this, starter,
         process_started{.start = context_.start,
                         .result = result,
                         .text = std::move(text),
                         .holder = std::move(holder)});
}

} // namespace ottla
