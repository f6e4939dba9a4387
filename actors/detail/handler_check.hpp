#pragma once

#include <ottla/actors/caf_messages.hpp>
#include <ottla/actors/caller.hpp>
#include <ottla/actors/detail/signature.hpp>
#include <ottla/actors/next.hpp>

#include <type_traits>

// Compile-time checks of a server's handlers. Each mistake causes one compiler error with ottla's
// text. A check that has failed returns false, so that the handler causes no second error.

namespace ottla::detail {

/// The answer of a replied<Answer>, which a handler returns.
template <class>
struct answer_in_reply : std::false_type {};
template <class Answer>
struct answer_in_reply<replied<Answer>> : std::true_type {
  using type = Answer;
};

/// The answer of a caller<Answer>, which a handler takes.
template <class>
struct answer_of_caller : std::false_type {};
template <class Answer>
struct answer_of_caller<caller<Answer>> : std::true_type {
  using type = Answer;
};

template <class Handler>
inline constexpr bool returns_void_or_next
  = std::is_void_v<result_of<Handler>> || std::is_convertible_v<result_of<Handler>, next>;

template <class Message>
constexpr bool check_handled_message() {
  static_assert(!std::is_rvalue_reference_v<Message>,
                "ottla: a handler must take its message by value, or as const Message&");
  static_assert(is_message<Message>, "ottla: announce this type of message with OTTLA_MESSAGES");
  return !std::is_rvalue_reference_v<Message> && is_message<Message>;
}

template <class Message, class Answer>
constexpr bool check_message_and_answer() {
  if constexpr (check_handled_message<Message>()) {
    check_answer<Answer>();
    return is_answer<Answer>;
  } else {
    return false;
  }
}

template <class Handler>
constexpr bool check_cast() {
  if constexpr (!has_signature<Handler>) {
    static_assert(has_signature<Handler>, OTTLA_ONE_SIGNATURE);
    return false;
  } else if constexpr (argument_count<Handler> != 1) {
    static_assert(argument_count<Handler> == 1,
                  "ottla: a cast's handler must take the message as its only argument");
    return false;
  } else if constexpr (!returns_void_or_next<Handler>) {
    static_assert(returns_void_or_next<Handler>,
                  "ottla: a cast's handler must return void or next, since a cast has no answer");
    return false;
  } else {
    return check_handled_message<argument_of<Handler, 0>>();
  }
}

/// Checks a handler (Message, caller<Answer>).
template <class Handler>
constexpr bool check_deferring() {
  using answer = answer_of_caller<std::decay_t<argument_of<Handler, 1>>>;
  if constexpr (!answer::value) {
    static_assert(answer::value, "ottla: the second argument of a call's handler must be an "
                                 "ottla::caller<Answer>");
    return false;
  } else if constexpr (!returns_void_or_next<Handler>) {
    static_assert(returns_void_or_next<Handler>,
                  "ottla: a call's handler with a caller must return void or next, and answer "
                  "through the caller");
    return false;
  } else {
    return check_message_and_answer<argument_of<Handler, 0>, typename answer::type>();
  }
}

/// Checks a handler (Message) that returns the answer or a replied<Answer>.
template <class Handler>
constexpr bool check_answering() {
  using message = argument_of<Handler, 0>;
  using result = std::decay_t<result_of<Handler>>;
  constexpr bool is_answered = !std::is_same_v<result, next>;
  static_assert(is_answered,
                "ottla: a call's handler must return the answer, or reply(answer, next)");
  if constexpr (!is_answered)
    return false;
  else if constexpr (answer_in_reply<result>::value)
    return check_message_and_answer<message, typename answer_in_reply<result>::type>();
  else
    return check_message_and_answer<message, result>();
}

template <class Handler>
constexpr bool check_call() {
  if constexpr (!has_signature<Handler>) {
    static_assert(has_signature<Handler>, OTTLA_ONE_SIGNATURE);
    return false;
  } else if constexpr (argument_count<Handler> == 2) {
    return check_deferring<Handler>();
  } else if constexpr (argument_count<Handler> == 1) {
    return check_answering<Handler>();
  } else {
    static_assert(
      argument_count<Handler> == 1,
      "ottla: a call's handler must take the message, or the message and a caller<Answer>");
    return false;
  }
}

} // namespace ottla::detail
