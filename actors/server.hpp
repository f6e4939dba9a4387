#pragma once

#include <ottla/actors/caller.hpp>
#include <ottla/actors/detail/signature.hpp>
#include <ottla/actors/next.hpp>
#include <ottla/actors/process.hpp>

#include <cstdint>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace ottla {

/// The answer of a call, and what the server does next.
template <class Answer>
struct replied {
  Answer answer;
  next then = {};
};

template <class Answer>
replied<std::decay_t<Answer>> reply(Answer&& answer, next then) {
  return {std::forward<Answer>(answer), std::move(then)};
}

/// OTP's GenServer: a process with state that answers calls, takes casts, and ends in order.
///
/// Thread safety: everything runs in the process, one callback at a time.
class server : public process {
public:
  server(caf::actor_config& config, process_context context);

  /// Where init registers the server's handlers.
  class handlers;

protected:
  /// Builds the state. The starter waits for the result; an exception is a failed start.
  virtual init_result init(handlers& on) = 0;

  /// Runs if no message arrives within the next::timeout of the last callback.
  virtual next timed_out() { return {}; }

  /// Runs once before the end of a server that was up: after a stop, a shutdown request or an
  /// exception in a callback. Does not run on a kill or on the exit of a linked process. In OTP a
  /// shutdown request calls it only if exits are trapped. An exception becomes the exit reason.
  virtual void terminate(const exit_reason& why) { static_cast<void>(why); }

  /// Completes the start after init_result::later.
  void start_done(next follows = {});

  /// As a callback's next::stop. Before start_done() this is a failed start.
  void stop(exit_reason why = exit_reason::normal());

private:
  caf::behavior set_up() final;
  void started_up() final;
  void shutdown(const exit_reason& why) final;
  void cut_off(const exit_reason& why) final;
  exit_reason threw(exit_reason crashed) final;
  void terminated() final;
  void silence(std::uint64_t timer) final;

  /// One timer serves all timeouts: a timer that fires too early is set again.
  struct idle_wait {
    /// messages_ at the request: any later message cancels the timeout.
    std::uint64_t after = 0;
    caf::actor_clock::time_point due = {};
    caf::actor_clock::time_point timer_at = caf::actor_clock::time_point::max();
    /// Number of the current timer; older timers are ignored.
    std::uint64_t timer = 0;
  };

  void wait_idle(std::chrono::nanoseconds within);
  void set_idle_timer();
  void message_came() noexcept { ++messages_; }
  void follow(next what);
  exit_reason run_terminate(exit_reason why);
  void remember(std::weak_ptr<open_call> call);

  template <class Callback>
  next next_of(Callback&& callback) {
    if constexpr (std::is_void_v<std::invoke_result_t<Callback&>>) {
      callback();
      return {};
    } else {
      return callback();
    }
  }

  /// An exception fails the current call, too.
  template <class Callback>
  std::invoke_result_t<Callback&> failing_call(Callback callback) {
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

  bool up_ = false;
  std::uint64_t messages_ = 0;
  /// Null if nothing follows init, as in most servers.
  std::unique_ptr<next> after_init_;
  /// Null until the server asks for a timeout.
  std::unique_ptr<idle_wait> idle_;
  exit_reason ends_with_ = exit_reason::killed();
  std::vector<std::weak_ptr<open_call>> open_calls_;
};

class server::handlers {
public:
  explicit handlers(server& of) : server_{&of} {}

  /// Adds a handler for messages that need no answer: `void` or `next` from (Message). Messages
  /// from actors that do not know about servers (OTP's info) arrive here too.
  template <class Handler>
  void cast(Handler handler) {
    if constexpr (!has_signature<Handler>)
      static_assert(has_signature<Handler>, OTTLA_ONE_SIGNATURE);
    else if constexpr (argument_count<Handler> != 1)
      static_assert(argument_count<Handler> == 1, "ottla: a cast's handler takes the message");
    else if constexpr (!is_void_or_next<result_of<Handler>>)
      static_assert(is_void_or_next<result_of<Handler>>,
                    "ottla: a cast's handler returns nothing, or next: nobody waits for an answer");
    else if constexpr (takes_a_message<Handler>())
      add_cast(std::move(handler));
  }

  /// Adds a handler for calls. From (Message) it returns the answer, or `reply(answer, next)`. From
  /// (Message, caller<Answer>) it returns `void` or `next`, and answers through the caller, now or
  /// later. An exception fails the call, and ends the server.
  template <class Handler>
  void call(Handler handler) {
    if constexpr (!has_signature<Handler>) {
      static_assert(has_signature<Handler>, OTTLA_ONE_SIGNATURE);
    } else if constexpr (argument_count<Handler> == 2) {
      constexpr bool has_caller = answer_of<std::decay_t<argument_of<Handler, 1>>>::value;
      static_assert(has_caller,
                    "ottla: the second argument of a call's handler is an ottla::caller<Answer>");
      if constexpr (has_caller) {
        constexpr bool is_right = is_void_or_next<result_of<Handler>>;
        static_assert(is_right,
                      "ottla: a call's handler with a caller returns nothing, or next: the "
                      "caller gets the answer");
        if constexpr (is_right && takes_a_message<Handler>())
          add_deferred(std::move(handler));
      }
    } else {
      static_assert(
        argument_count<Handler> == 1,
        "ottla: a call's handler takes the message, and a caller where it answers later");
      if constexpr (argument_count<Handler> == 1) {
        constexpr bool is_answered = !std::is_same_v<std::decay_t<result_of<Handler>>, next>;
        static_assert(is_answered,
                      "ottla: a call's handler answers with a value, or with reply(value, next)");
        if constexpr (is_answered && takes_a_message<Handler>())
          add_direct(std::move(handler));
      }
    }
  }

  caf::behavior take() { return caf::behavior{std::move(cases_)}; }

private:
  template <class>
  struct is_replied : std::false_type {};
  template <class Answer>
  struct is_replied<replied<Answer>> : std::true_type {
    using type = Answer;
  };
  template <class>
  struct answer_of : std::false_type {};
  template <class Answer>
  struct answer_of<caller<Answer>> : std::true_type {
    using type = Answer;
  };

  template <class Result>
  static constexpr bool is_void_or_next
    = std::is_void_v<Result> || std::is_convertible_v<Result, next>;

  template <class Handler>
  static constexpr bool takes_a_message() {
    using message = argument_of<Handler, 0>;
    static_assert(!std::is_rvalue_reference_v<message>,
                  "ottla: a handler takes its message by value, or as const Message&");
    static_assert(is_message<message>, "ottla: announce this type of message with OTTLA_MESSAGES");
    return !std::is_rvalue_reference_v<message> && is_message<message>;
  }

  template <class Answer>
  static constexpr bool answers() {
    detail::check_answer<Answer>();
    return detail::is_answer<Answer>;
  }

  template <class Case>
  void add(Case one) {
    cases_ = cases_.or_else(std::move(one));
  }

  template <class Handler>
  void add_cast(Handler handler) {
    using message = argument_of<Handler, 0>;
    add([of = server_, handler = std::move(handler)](message what) mutable {
      of->message_came();
      of->follow(of->next_of([&] { return handler(std::forward<message>(what)); }));
    });
  }

  template <class Handler>
  void add_direct(Handler handler) {
    using message = argument_of<Handler, 0>;
    using result = std::decay_t<result_of<Handler>>;
    if constexpr (is_replied<result>::value) {
      using answer = typename is_replied<result>::type;
      if constexpr (answers<answer>())
        add([of = server_,
             handler = std::move(handler)](message what) mutable -> caf::result<answer> {
          of->message_came();
          auto given = of->failing_call([&] { return handler(std::forward<message>(what)); });
          // OTP's order: terminate before the reply, but the reply before a continue.
          if (given.then.end()) {
            of->follow(std::move(given.then));
            return std::move(given.answer);
          }
          auto promise = of->make_response_promise();
          of->note_answer(promise, given.answer);
          promise.deliver(std::move(given.answer));
          of->follow(std::move(given.then));
          return caf::delegated<answer>{};
        });
    } else if constexpr (answers<result>()) {
      add([of = server_, handler = std::move(handler)](message what) mutable -> result {
        of->message_came();
        return of->failing_call([&] { return handler(std::forward<message>(what)); });
      });
    }
  }

  template <class Handler>
  void add_deferred(Handler handler) {
    using message = argument_of<Handler, 0>;
    using answer = typename answer_of<std::decay_t<argument_of<Handler, 1>>>::type;
    if constexpr (answers<answer>())
      add(
        [of = server_, handler = std::move(handler)](message what) mutable -> caf::result<answer> {
          of->message_came();
          auto promise = of->make_response_promise();
          const caller<answer> from{promise, of};
          of->remember(from.watch());
          try {
            of->follow(of->next_of([&] { return handler(std::forward<message>(what), from); }));
          } catch (...) {
            from.fail(exit_reason::crashed(text_of(std::current_exception())));
            throw;
          }
          return caf::delegated<answer>{};
        });
  }

  server* server_;
  caf::message_handler cases_;
};

} // namespace ottla
