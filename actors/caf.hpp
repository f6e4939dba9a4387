#pragma once

#include <ottla/actors/caf_messages.hpp>
#include <ottla/actors/saturating.hpp>
#include <ottla/actors/scheduling.hpp>

// The seam to CAF. This header, the other caf_*.hpp headers and sources of this component hide the
// differences between CAF 0.17 and 1.x. Threads outside the actor system use caf_blocking.hpp.
// Names that both versions share are used directly: caf::actor, caf::behavior, make_behavior,
// on_exit, quit. No header includes CAF's all.hpp, which takes seconds to compile in each file.

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_clock.hpp>
#include <caf/actor_registry.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/attachable.hpp>
#include <caf/behavior.hpp>
#include <caf/delegated.hpp>
#include <caf/error.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message.hpp>
#include <caf/response_promise.hpp>
#include <caf/result.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>
#include <caf/skip.hpp>
#include <caf/system_messages.hpp>

#if OTTLA_CAF_1
#  include <caf/anon_mail.hpp>
#endif

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace ottla::detail {

/// Converts a deadline for CAF, which adds it to the current time. A negative deadline becomes
/// zero; a deadline beyond the longest wait becomes infinite.
#if OTTLA_CAF_1
inline caf::timespan to_caf(std::chrono::nanoseconds within) {
  if (within > longest_wait)
    return caf::infinite;
  return std::chrono::duration_cast<caf::timespan>(
    std::max(within, std::chrono::nanoseconds::zero()));
}
#else
inline caf::duration to_caf(std::chrono::nanoseconds within) {
  if (within > longest_wait)
    return caf::duration{caf::infinite};
  return caf::duration{std::chrono::duration_cast<std::chrono::microseconds>(
    std::max(within, std::chrono::nanoseconds::zero()))};
}
#endif

} // namespace ottla::detail

namespace ottla {

// Sending.

/// Sends from one actor to another. The functions of this section have other names than CAF's
/// member functions, which would hide them inside an actor.
template <class Message>
void cast(caf::event_based_actor* self, const caf::actor& to, Message&& message) {
  detail::check_message<Message>();
  if constexpr (detail::is_sendable<Message>) {
#if OTTLA_CAF_1
    self->mail(std::forward<Message>(message)).send(to);
#else
    self->send(to, std::forward<Message>(message));
#endif
  }
}

/// Sends without a sender. Call from any thread.
template <class Message>
void post(const caf::actor& to, Message&& message) {
  detail::check_message<Message>();
  if constexpr (detail::is_sendable<Message>) {
#if OTTLA_CAF_1
    caf::anon_mail(std::forward<Message>(message)).send(to);
#else
    caf::anon_send(to, std::forward<Message>(message));
#endif
  }
}

/// Sends to the actor itself after `delay`. A negative delay sends at once. With a delay beyond the
/// longest wait nothing is sent. A delayed message cannot be cancelled. To ignore stale messages,
/// number them.
template <class Message>
void cast_after(caf::event_based_actor* self, saturating<std::chrono::nanoseconds> delay,
                Message&& message) {
  detail::check_message<Message>();
  if constexpr (detail::is_sendable<Message>) {
    if (delay > longest_wait)
      return;
#if OTTLA_CAF_1
    if (delay <= std::chrono::nanoseconds::zero()) // the clock could deliver out of order
      self->mail(std::forward<Message>(message)).send(caf::actor_cast<caf::actor>(self));
    else
      self->mail(std::forward<Message>(message))
        .schedule(self->clock().now() + std::chrono::duration_cast<caf::timespan>(delay))
        .send(caf::actor_cast<caf::actor>(self));
#else
    self->delayed_send(caf::actor_cast<caf::actor>(self),
                       std::max<std::chrono::nanoseconds>(delay, delay.zero()),
                       std::forward<Message>(message));
#endif
  }
}

/// Sends a request and returns. Exactly one of the two functions runs later in the actor, unless
/// the actor ends first. A deadline beyond the longest wait, such as nanoseconds::max(), means no
/// deadline. A request without a deadline needs no timer, which saves 0.4 µs under `handoff`.
///
/// Programs use `call` of call.hpp, which also looks up names and checks the type of the answer.
template <class Message, class OnAnswer, class OnError>
void send_request(caf::event_based_actor* self, const caf::actor& to,
                  saturating<std::chrono::nanoseconds> within, Message&& message,
                  OnAnswer on_answer, OnError on_error) {
  detail::check_message<Message>();
  if constexpr (detail::is_sendable<Message>) {
#if OTTLA_CAF_1
    self->mail(std::forward<Message>(message))
      .request(to, detail::to_caf(within))
      .then(std::move(on_answer), std::move(on_error));
#else
    self->request(to, detail::to_caf(within), std::forward<Message>(message))
      .then(std::move(on_answer), std::move(on_error));
#endif
  }
}

/// Forwards the current request to `to`, which answers the requester. Return the result from the
/// handler.
template <class Answer, class Message>
caf::result<Answer> pass_on(caf::event_based_actor* self, const caf::actor& to, Message&& message) {
#if OTTLA_CAF_1
  static_cast<void>(self->mail(std::forward<Message>(message)).delegate(to));
#else
  self->delegate(to, std::forward<Message>(message));
#endif
  return caf::delegated<Answer>{};
}

/// Answers a request that expects no value.
inline void answer_nothing(caf::response_promise& promise) {
#if OTTLA_CAF_1
  promise.deliver();
#else
  promise.deliver(caf::unit);
#endif
}

// Exits.

namespace detail {

/// The scheduler may run the receiver on the thread of `by`. `by` is null outside the actor system.
inline void enqueue(caf::event_based_actor* by, const caf::actor& to,
                    caf::message_priority priority, caf::exit_msg exit) {
  auto* target = caf::actor_cast<caf::abstract_actor*>(to);
  auto* next_to = by == nullptr ? nullptr : by->context();
#if OTTLA_CAF_1
  target->enqueue(caf::make_mailbox_element(nullptr, caf::make_message_id(priority),
                                            caf::make_message(std::move(exit))),
                  next_to);
#else
  target->enqueue(
    caf::make_mailbox_element(nullptr, caf::make_message_id(priority), {}, std::move(exit)),
    next_to);
#endif
}

} // namespace detail

/// Kills an actor. The kill overtakes the messages in the mailbox, but waits for a running handler.
/// With CAF 0.17 the actor may handle up to two more messages first.
inline void kill(caf::event_based_actor* self, const caf::actor& victim) {
  if (victim)
    detail::enqueue(self, victim, caf::message_priority::high,
                    {victim.address(), caf::make_error(caf::exit_reason::kill)});
}

/// Kills an actor from any thread.
inline void kill(const caf::actor& victim) {
  kill(nullptr, victim);
}

/// Sends an exit whose source is `from`. The receiver may trap the exit. The exit does not overtake
/// earlier messages.
inline void signal_exit(const caf::actor& to, caf::actor_addr from, caf::error reason) {
  if (to)
    detail::enqueue(nullptr, to, caf::message_priority::normal,
                    {std::move(from), std::move(reason)});
}

/// Asks an actor to end after the messages already in its mailbox. The source of the request is the
/// actor's own address. Exits of other actors have another source.
inline void request_exit(caf::event_based_actor* self, const caf::actor& to, caf::error reason) {
  if (to)
    detail::enqueue(self, to, caf::message_priority::normal, {to.address(), std::move(reason)});
}

/// Asks an actor to end, from any thread.
inline void request_exit(const caf::actor& to, caf::error reason) {
  request_exit(nullptr, to, std::move(reason));
}

/// False if the actor has ended or is about to end. Already false when the actor's DOWN, or the
/// failure of a request to the actor, arrives. Reads two flags, since each flag alone is late in
/// one of the CAF versions.
inline bool is_alive(const caf::actor& who) {
  if (!who)
    return false;
  auto* target = caf::actor_cast<caf::abstract_actor*>(who);
  if (target->getf(caf::abstract_actor::is_terminated_flag))
    return false;
  // Every local actor is scheduled or blocking. A dynamic_cast would cost 65 ns here.
  return target->getf(caf::abstract_actor::is_blocking_flag)
         || !static_cast<caf::scheduled_actor*>(target)->mailbox().closed();
}

/// Whether the actor is a caf::scheduled_actor. Blocking actors have another type of mailbox.
inline bool is_scheduled(const caf::actor& who) {
  return !caf::actor_cast<caf::abstract_actor*>(who)->getf(caf::abstract_actor::is_blocking_flag);
}

/// is_alive for a caf::scheduled_actor. Needs one load less in CAF 0.17, where the mailbox closes
/// before the DOWN is sent.
inline bool is_alive_scheduled(const caf::actor& who) {
#if OTTLA_CAF_1
  return is_alive(who);
#else
  auto* target = caf::actor_cast<caf::abstract_actor*>(who);
  return !static_cast<caf::scheduled_actor*>(target)->mailbox().closed();
#endif
}

/// Whether a DOWN may arrive while the dead actor's on_exit still runs.
inline constexpr bool down_may_precede_on_exit = OTTLA_CAF_1;

/// Sends a DOWN to `self` when `whom` ends, or at once if `whom` has already ended. Two calls cause
/// two DOWNs.
inline void start_watching(caf::event_based_actor* self, const caf::actor& whom) {
  self->monitor(whom);
}

/// Undoes every start_watching of `whom`. A DOWN that is already in the mailbox still arrives.
inline void stop_watching(caf::event_based_actor* self, const caf::actor& whom) {
  self->demonitor(whom);
}

/// Sets the handler of DOWNs. Replaces the former handler.
template <class Handler>
void on_down(caf::event_based_actor* self, Handler handler) {
  self->set_down_handler(
    [handler = std::move(handler)](caf::scheduled_actor*, caf::down_msg& down) { handler(down); });
}

/// The type of the handler that on_down sets.
using down_handler = caf::scheduled_actor::down_handler;

/// Sets another handler of DOWNs, and returns the former handler.
down_handler exchange_down_handler(caf::event_based_actor* self, down_handler next);

/// Handles `down` as if it came from the mailbox.
void handle_down(caf::event_based_actor* self, caf::down_msg& down);

template <class Handler>
void on_exit_request(caf::event_based_actor* self, Handler handler) {
  self->set_exit_handler(
    [handler = std::move(handler)](caf::scheduled_actor*, caf::exit_msg& exit) { handler(exit); });
}

/// The handler converts the exception into the actor's exit reason.
template <class Handler>
void on_exception(caf::event_based_actor* self, Handler handler) {
  self->set_exception_handler(
    [handler = std::move(handler)](
      caf::scheduled_actor*, std::exception_ptr& thrown) -> caf::error { return handler(thrown); });
}

/// The handler gets errors that arrive as messages. CAF 0.17 returns an error to the sender of a
/// plain message if the receiver has no handler for it, or if the handler returns an error. By
/// default that error ends the sender.
template <class Handler>
void on_error_message(caf::event_based_actor* self, Handler handler) {
  self->set_error_handler(
    [handler = std::move(handler)](caf::scheduled_actor*, caf::error& why) { handler(why); });
}

// Messages without a handler, and the messages that handlers get.

#if OTTLA_CAF_1
using message_content = caf::message;
using unknown_result = caf::skippable_result;
#else
using message_content = caf::type_erased_tuple;
using unknown_result = caf::result<caf::message>;
#endif

/// The handler, `unknown_result(message_content&)`, runs for each message that no other handler
/// matches. caf::skip keeps the message in the mailbox until another message has been handled.
template <class Handler>
void on_unknown_message(caf::event_based_actor* self, Handler handler) {
#if OTTLA_CAF_1
  using given = caf::message;
  const auto content = [](given& what) -> message_content& { return what; };
#else
  using given = caf::message_view;
  const auto content = [](given& what) -> message_content& { return what.content(); };
#endif
  self->set_default_handler(caf::scheduled_actor::default_handler{
    [handler = std::move(handler), content](caf::scheduled_actor*, given& what) -> unknown_result {
      return handler(content(what));
    }});
}

/// A behavior that matches no message. CAF ends an actor whose behavior is empty, even if the actor
/// has timers or a name.
caf::behavior no_handlers();

/// Whether quit() was called, or the actor has ended. Call only from the actor itself.
inline bool is_ending(const caf::event_based_actor* self) {
  return self->getf(caf::abstract_actor::is_terminated_flag
                    | caf::abstract_actor::is_shutting_down_flag);
}

class behavior_watch;

/// Wraps `inner` so that `by` observes it. `by` must outlive the result.
caf::behavior watched(const caf::behavior& inner, behavior_watch& by);

/// Prints each element of the message, or the name of the element's type if CAF cannot print it.
std::string text_of(const message_content& what);

/// Number of waiting messages, without the current message. Call only from the actor itself.
/// `skipped` is the number of messages that the default handler has skipped since the last handled
/// message. CAF 1.x does not report this number.
std::size_t mailbox_length(caf::event_based_actor* self, std::size_t skipped);

// Errors.

inline caf::error make_text_error(std::string text) {
  return caf::make_error(caf::sec::runtime_error, std::move(text));
}

/// CAF's user_shutdown error with a text of ottla.
inline caf::error make_shutdown_error(std::string detail) {
#if OTTLA_CAF_1
  return caf::make_error(caf::exit_reason::user_shutdown, std::move(detail));
#else
  const caf::error plain = caf::make_error(caf::exit_reason::user_shutdown);
  return caf::error{plain.code(), plain.category(), caf::make_message(std::move(detail))};
#endif
}

/// Whether an error has this code, whatever its context. With CAF 0.17 this function tests `what`
/// first, since a success has no code. It then compares code and category, since a comparison with
/// another error would allocate that error.
inline bool is_error(const caf::error& what, caf::exit_reason code) {
#if OTTLA_CAF_1
  return what && what == code;
#else
  return what && what.code() == static_cast<std::uint8_t>(code)
         && what.category() == caf::atom("exit");
#endif
}

inline bool is_error(const caf::error& what, caf::sec code) {
#if OTTLA_CAF_1
  return what && what == code;
#else
  return what && what.code() == static_cast<std::uint8_t>(code)
         && what.category() == caf::atom("system");
#endif
}

/// The text of an error whose context is one string, such as an error from make_text_error or
/// make_shutdown_error. Empty for other errors.
inline std::string context_text(const caf::error& what) {
  if (what && what.context().match_elements<std::string>())
    return what.context().get_as<std::string>(0);
  return {};
}

// System.

/// Number of living actors in the system, without CAF's hidden actors. Call from any thread.
inline std::size_t living_actors(caf::actor_system& system) {
  return system.registry().running();
}

/// Whether the system belongs to a virtual_time, in which one thread runs all actors.
bool has_virtual_time(caf::actor_system& system);

/// Sets the scheduler and its number of threads. 0 means one thread for each core and at least two,
/// so that one busy handler does not delay all other actors. CAF's minimum of four causes needless
/// context switches on two cores.
void set_scheduler(caf::actor_system_config& config, scheduling policy, std::size_t threads = 0);

} // namespace ottla

#pragma GCC diagnostic pop
