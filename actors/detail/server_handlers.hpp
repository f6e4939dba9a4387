#pragma once

#include <ottla/actors/detail/handler_check.hpp>
#include <ottla/actors/server.hpp>

#include <exception>
#include <type_traits>
#include <utility>

// How server::handlers turns the handlers of a program into handlers of CAF.

namespace ottla {

namespace detail {

/// Runs a callback and returns the server's next step. After a callback that returns void the
/// server waits for the next message.
template <class Callback>
next next_after(Callback callback) {
  if constexpr (std::is_void_v<std::invoke_result_t<Callback&>>) {
    callback();
    return {};
  } else {
    return callback();
  }
}

} // namespace detail

template <class Callback>
std::invoke_result_t<Callback&> server::run_call(Callback callback) {
  try {
    return callback();
  } catch (...) {
    auto promise = make_response_promise();
    const auto why = exit_reason::crashed(text_of(std::current_exception()));
    note_failure(promise, why);
    promise.deliver(to_failure(why));
    throw;
  }
}

template <class Handler>
void server::handlers::cast(Handler handler) {
  if constexpr (detail::check_cast<Handler>()) {
    using message = detail::argument_of<Handler, 0>;
    add([owner = server_, handler = std::move(handler)](message given) mutable {
      owner->cancel_timeout();
      owner->carry_out(detail::next_after([&] { return handler(std::forward<message>(given)); }));
    });
  }
}

template <class Handler>
void server::handlers::call(Handler handler) {
  if constexpr (detail::check_call<Handler>()) {
    using result = std::decay_t<detail::result_of<Handler>>;
    if constexpr (detail::argument_count<Handler> == 2)
      add_deferring(std::move(handler));
    else if constexpr (detail::answer_in_reply<result>::value)
      add_replying(std::move(handler));
    else
      add_answering(std::move(handler));
  }
}

/// For a handler that returns the answer.
template <class Handler>
void server::handlers::add_answering(Handler handler) {
  using message = detail::argument_of<Handler, 0>;
  using answer = std::decay_t<detail::result_of<Handler>>;
  add([owner = server_, handler = std::move(handler)](message given) mutable -> answer {
    owner->cancel_timeout();
    return owner->run_call([&] { return handler(std::forward<message>(given)); });
  });
}

/// For a handler that returns the result of reply().
template <class Handler>
void server::handlers::add_replying(Handler handler) {
  using message = detail::argument_of<Handler, 0>;
  using result = std::decay_t<detail::result_of<Handler>>;
  using answer = typename detail::answer_in_reply<result>::type;
  add(
    [owner = server_, handler = std::move(handler)](message given) mutable -> caf::result<answer> {
      owner->cancel_timeout();
      auto response = owner->run_call([&] { return handler(std::forward<message>(given)); });
      // As in OTP, terminate runs before the reply, and the reply is sent before a continue.
      if (response.then.end()) {
        owner->carry_out(std::move(response.then));
        return std::move(response.answer);
      }
      auto promise = owner->make_response_promise();
      owner->note_answer(promise, response.answer);
      promise.deliver(std::move(response.answer));
      owner->carry_out(std::move(response.then));
      return caf::delegated<answer>{};
    });
}

/// For a handler that answers through a caller.
template <class Handler>
void server::handlers::add_deferring(Handler handler) {
  using message = detail::argument_of<Handler, 0>;
  using second_argument = std::decay_t<detail::argument_of<Handler, 1>>;
  using answer = typename detail::answer_of_caller<second_argument>::type;
  add(
    [owner = server_, handler = std::move(handler)](message given) mutable -> caf::result<answer> {
      owner->cancel_timeout();
      auto promise = owner->make_response_promise();
      const caller<answer> from{promise, owner};
      owner->add_open_call(from.watch());
      try {
        owner->carry_out(
          detail::next_after([&] { return handler(std::forward<message>(given), from); }));
      } catch (...) {
        from.fail(exit_reason::crashed(text_of(std::current_exception())));
        throw;
      }
      return caf::delegated<answer>{};
    });
}

template <class Case>
void server::handlers::add(Case handles) {
  cases_ = cases_.or_else(std::move(handles));
}

} // namespace ottla
