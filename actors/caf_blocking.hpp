#pragma once

#include <ottla/actors/caf.hpp>

#include <chrono>
#include <functional>
#include <type_traits>
#include <utility>

// Functions for threads outside the actor system.

namespace ottla {

/// A thread outside the actor system must hold a system_visit while it creates a system, spawns
/// actors or makes blocking requests. CAF 0.17 keeps the system's logger in the thread's local
/// storage. The system's destructor waits until every thread has released the logger. The end of a
/// visit releases the logger.
///
/// A system that is destroyed during static destruction needs a visit too. The main thread's local
/// storage is already destroyed at that time, and CAF would release the logger twice.
class system_visit {
public:
  system_visit() = default;
  ~system_visit();
  system_visit(const system_visit&) = delete;
  system_visit& operator=(const system_visit&) = delete;
};

/// True on a thread of a scheduler or of a detached actor. Also true inside a system_visit after
/// the thread has created a system, spawned an actor or made a blocking request.
bool is_actor_thread() noexcept;

/// Runs the actors of a virtual_time's system on this thread, and advances its clock from timer to
/// timer, until `done` returns true. Returns false if nothing is left to run, or if `within` has
/// passed in virtual time.
bool run_virtual_time(caf::actor_system& system, std::chrono::nanoseconds within,
                      const std::function<bool()>& done);

namespace detail {

/// Runs `ask` in a new actor of a virtual_time's system until that actor has its answer. Returns
/// false if no answer arrives within a day of virtual time, or if nothing is left to run.
bool ask_in_virtual_time(caf::actor_system& system,
                         std::function<void(caf::event_based_actor*)> ask);

} // namespace detail

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

/// Sends a request from a thread outside the actor system and waits for the answer. One of the two
/// functions runs before send_request_and_wait returns. Never call this in a handler. In the system
/// of a virtual_time this function also runs the actors. Programs use `call` of call.hpp.
template <class Message, class OnAnswer, class OnError>
void send_request_and_wait(caf::actor_system& system, const caf::actor& to,
                           saturating<std::chrono::nanoseconds> within, Message&& message,
                           OnAnswer on_answer, OnError on_error) {
  detail::check_message<Message>();
  if constexpr (detail::is_sendable<Message>) {
    const system_visit visit;
    if (has_virtual_time(system)) {
      const auto ask = [&](caf::event_based_actor* self) {
        send_request(self, to, within, std::forward<Message>(message), on_answer, on_error);
      };
      if (!detail::ask_in_virtual_time(system, ask))
        on_error(caf::make_error(caf::sec::request_timeout));
      return;
    }
    caf::scoped_actor self{system};
#if OTTLA_CAF_1
    self->mail(std::forward<Message>(message))
      .request(to, detail::to_caf(within))
      .receive(std::move(on_answer), std::move(on_error));
#else
    self->request(to, detail::to_caf(within), std::forward<Message>(message))
      .receive(std::move(on_answer), std::move(on_error));
#endif
  }
}

#pragma GCC diagnostic pop

} // namespace ottla
