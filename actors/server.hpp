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

/// The answer of a call, and the server's next step.
template <class Answer>
struct replied {
  Answer answer;
  next then = {};
};

template <class Answer>
replied<std::decay_t<Answer>> reply(Answer&& answer, next then) {
  return {std::forward<Answer>(answer), std::move(then)};
}

/// A process with state that answers calls, handles casts, and runs terminate() before an orderly
/// end (OTP's gen_server, Elixir's GenServer).
///
/// Thread safety: all callbacks run in the process, one at a time.
class server : public process {
public:
  server(caf::actor_config& config, process_context context);

  /// Registers the server's handlers, in init.
  class handlers;

protected:
  /// Builds the state and registers the handlers. The starter waits for the result. An exception
  /// fails the start.
  virtual init_result init(handlers& on) = 0;

  /// Runs if no message arrives within the next::timeout of the last callback.
  virtual next timed_out() { return {}; }

  /// Runs once before a started server ends: after a stop, a shutdown request or an exception in a
  /// callback. Does not run on a kill or on the exit of a linked process. In OTP a shutdown request
  /// runs terminate only if exits are trapped. An exception in terminate becomes the exit reason.
  virtual void terminate(const exit_reason& why) { static_cast<void>(why); }

  /// Completes the start after init_result::later.
  void start_done(next follows = {});

  /// Ends the server, as a callback's next::stop does. A stop before start_done() fails the start.
  void stop(exit_reason why = exit_reason::normal());

private:
  caf::behavior set_up() final;
  void started_up() final;
  void shutdown(const exit_reason& why) final;
  void cut_off(const exit_reason& why) final;
  exit_reason threw(exit_reason crashed) final;
  void terminated() final;
  void silence(std::uint64_t timer) final;

  /// One timer serves all timeouts. A timer that fires too early is set again.
  struct idle_wait {
    /// The value of messages_ when the timeout was requested. Any later message cancels the
    /// timeout.
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

  /// Runs the handler of a call. An exception fails the call before it ends the server.
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
  /// The step after init. Null in most servers.
  std::unique_ptr<next> after_init_;
  /// Null until the server asks for a timeout.
  std::unique_ptr<idle_wait> idle_;
  exit_reason ends_with_ = exit_reason::killed();
  std::vector<std::weak_ptr<open_call>> open_calls_;
};

class server::handlers {
public:
  explicit handlers(server& of) : server_{&of} {}

  /// Adds a handler for messages without an answer. The handler takes (Message) and returns `void`
  /// or `next`. The handler also gets messages that plain CAF actors send (OTP's info).
  template <class Handler>
  void cast(Handler handler) {
    if constexpr (!has_signature<Handler>)
      static_assert(has_signature<Handler>, OTTLA_ONE_SIGNATURE);
    else if constexpr (argument_count<Handler> != 1)
      static_assert(argument_count<Handler> == 1,
                    "ottla: a cast's handler must take the message as its only argument");
    else if constexpr (!is_void_or_next<result_of<Handler>>)
      static_assert(is_void_or_next<result_of<Handler>>,
                    "ottla: a cast's handler must return void or next, since a cast has no answer");
    else if constexpr (takes_a_message<Handler>())
      add_cast(std::move(handler));
  }

  /// Adds a handler for calls. A handler that takes (Message) returns the answer, or the result of
  /// reply(). A handler that takes (Message, caller<Answer>) returns `void` or `next`, and answers
  /// through the caller, now or later. An exception fails the call and ends the server.
  template <class Handler>
  void call(Handler handler) {
    if constexpr (!has_signature<Handler>) {
      static_assert(has_signature<Handler>, OTTLA_ONE_SIGNATURE);
    } else if constexpr (argument_count<Handler> == 2) {
      constexpr bool has_caller = answer_of<std::decay_t<argument_of<Handler, 1>>>::value;
      static_assert(has_caller, "ottla: the second argument of a call's handler must be an "
                                "ottla::caller<Answer>");
      if constexpr (has_caller) {
        constexpr bool is_right = is_void_or_next<result_of<Handler>>;
        static_assert(is_right,
                      "ottla: a call's handler with a caller must return void or next, and answer "
                      "through the caller");
        if constexpr (is_right && takes_a_message<Handler>())
          add_deferred(std::move(handler));
      }
    } else {
      static_assert(
        argument_count<Handler> == 1,
        "ottla: a call's handler must take the message, or the message and a caller<Answer>");
      if constexpr (argument_count<Handler> == 1) {
        constexpr bool is_answered = !std::is_same_v<std::decay_t<result_of<Handler>>, next>;
        static_assert(is_answered,
                      "ottla: a call's handler must return the answer, or reply(answer, next)");
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
                  "ottla: a handler must take its message by value, or as const Message&");
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
          // As in OTP, terminate runs before the reply, and the reply is sent before a continue.
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
