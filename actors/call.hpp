#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/caf_blocking.hpp>
#include <ottla/actors/call_result.hpp>
#include <ottla/actors/kept_ref.hpp>
#include <ottla/actors/process_ref.hpp>

#include <chrono>
#include <type_traits>
#include <utility>

// How to send to a process, by the sender and by whether it wants an answer:
//
//     | sender                          | with an answer                     | without an answer  |
//     |---------------------------------|------------------------------------|--------------------|
//     | an actor                        | call<Answer>(this, …), never waits | cast(this, …)      |
//     | a thread outside, such as main  | call<Answer>(system, …), waits     | post(…)            |
//     | an actor, to itself, later      |                                    | cast_after in      |
//     |                                 |                                    | caf.hpp            |
//
// In an actor:
//
//     ottla::call<int>(this, room, 1s, count_lines{}, [this](ottla::call_result<int> lines) {
//       lines ? show(*lines) : stop(lines.error());
//     });
//     ottla::cast(this, room, say{"hello"});
//
// In a thread outside the actor system:
//
//     ottla::call_result<int> lines = ottla::call<int>(app.system(), room, 1s, count_lines{});
//     ottla::post(room, say{"hello"});
//
// `room` is a process_ref: a handle, or a name such as app.find("lobby"). Code that often sends to
// one name uses a kept_ref. A post has no sender, and also works in an actor.
//
// call_result.hpp lists the reasons of a failed call: the callee ended, there is no such process,
// the deadline passed, or the callee has no handler.

namespace ottla {

/// No deadline.
inline constexpr std::chrono::nanoseconds infinity = std::chrono::nanoseconds::max();

/// Sends a request from an actor and returns at once. `then(call_result<Answer>)` runs later,
/// exactly once, in the calling actor, unless that actor ends first. `within` may be `infinity`.
template <class Answer, class Message, class Then>
void call(caf::event_based_actor* self, const process_ref& whom,
          saturating<std::chrono::nanoseconds> within, Message&& message, Then then) {
  detail::check_answer<Answer>();
  const auto to = whom.resolve();
  const auto failed = [then, nobody = !to](const caf::error& why) mutable {
    then(call_result<Answer>{nobody ? exit_reason::noproc() : to_exit_reason(why)});
  };
  if constexpr (std::is_void_v<Answer>)
    send_request(
      self, to, within, std::forward<Message>(message),
      [then]() mutable { then(call_result<void>{}); }, failed);
  else
    send_request(
      self, to, within, std::forward<Message>(message),
      [then](Answer& answer) mutable { then(call_result<Answer>{std::move(answer)}); }, failed);
}

template <class Answer, class Message, class Then>
void call(caf::event_based_actor* self, kept_ref& whom, saturating<std::chrono::nanoseconds> within,
          Message&& message, Then then) {
  call<Answer>(self, process_ref{whom.resolve()}, within, std::forward<Message>(message),
               std::move(then));
}

/// Sends a request from a thread outside the actor system and waits for the answer. Never call this
/// in an actor: the wait would block a thread of the scheduler. In the system of a virtual_time the
/// call also runs the actors.
template <class Answer, class Message>
call_result<Answer> call(caf::actor_system& system, const process_ref& whom,
                         saturating<std::chrono::nanoseconds> within, Message&& message) {
  detail::check_answer<Answer>();
  call_result<Answer> result{exit_reason::noproc()};
  const auto to = whom.resolve();
  if (!to)
    return result;
  const auto failed = [&](const caf::error& why) { result = to_exit_reason(why); };
  if constexpr (std::is_void_v<Answer>)
    send_request_and_wait(
      system, to, within, std::forward<Message>(message), [&] { result = {}; }, failed);
  else
    send_request_and_wait(
      system, to, within, std::forward<Message>(message),
      [&](Answer& answer) { result = std::move(answer); }, failed);
  return result;
}

/// Sends a message from an actor. Returns false if no living process has the name. A message to the
/// handle of a dead process is dropped silently, as in OTP.
template <class Message>
bool cast(caf::event_based_actor* self, const process_ref& whom, Message&& message) {
  return whom.visit([&](const caf::actor& to) { cast(self, to, std::forward<Message>(message)); })
         || whom.name().empty();
}

template <class Message>
bool cast(caf::event_based_actor* self, kept_ref& whom, Message&& message) {
  return whom.visit([&](const caf::actor& to) { cast(self, to, std::forward<Message>(message)); })
         || whom.to().name().empty();
}

/// Sends a message without a sender, from any thread. Returns the same as cast.
template <class Message>
bool post(const process_ref& whom, Message&& message) {
  return whom.visit([&](const caf::actor& to) { post(to, std::forward<Message>(message)); })
         || whom.name().empty();
}

template <class Message>
bool post(kept_ref& whom, Message&& message) {
  return whom.visit([&](const caf::actor& to) { post(to, std::forward<Message>(message)); })
         || whom.to().name().empty();
}

} // namespace ottla
