#pragma once

#include <ottla/actors/caller.hpp>
#include <ottla/actors/next.hpp>
#include <ottla/actors/process.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace ottla {

/// A process with state that handles casts and answers calls (OTP's gen_server, Elixir's
/// GenServer). Programs derive their processes from this class. A chat room:
///
///     struct say { std::string line; };
///     struct count_lines {};
///     struct next_line {};
///     OTTLA_MESSAGES(chat, ottla::first_user_type_id, say, count_lines, next_line)
///
///     struct chat_room : ottla::server {
///       using server::server;
///
///       ottla::init_result init(handlers& on) override {
///         on.cast([this](const say& said) {
///           ++lines_;
///           for (const auto& reader : std::exchange(readers_, {}))
///             reader.reply(said.line);
///           return ottla::next::timeout(10min);
///         });
///         on.call([this](count_lines) { return lines_; });
///         on.call([this](next_line, ottla::caller<std::string> reader) {
///           readers_.push_back(reader); // the next `say` answers
///         });
///         return {};
///       }
///       // No message for 10 minutes after a `say`.
///       ottla::next timed_out() override { return ottla::next::stop(); }
///
///       int lines_ = 0;
///       std::vector<ottla::caller<std::string>> readers_;
///     };
///
/// A supervisor starts the room, and main() sends to the room. call.hpp has the same for actors:
///
///     ottla::application app{{
///       .id = "chat",
///       .children = {{.id = "lobby", .start = ottla::start<chat_room>(), .name = "lobby"}},
///     }};
///     ottla::post(app.find("lobby"), say{"hello"});
///     auto lines = ottla::call<int>(app.system(), app.find("lobby"), 1s, count_lines{});
///     fmt::print("{}\n", lines ? std::to_string(*lines) : to_string(lines.error())); // prints 1
///
/// For readers who know OTP:
///
///     | gen_server                       | here                                            |
///     |----------------------------------|-------------------------------------------------|
///     | init                             | init                                            |
///     | handle_call                      | on.call                                         |
///     | handle_cast, handle_info         | on.cast                                         |
///     | {noreply, …} and a later reply/2 | on.call with a caller<Answer>                   |
///     | a timeout as a result            | next::timeout, then timed_out()                 |
///     | {continue, …}, handle_continue   | next::then                                      |
///     | {stop, Reason, …}, terminate     | next::stop or stop(), then terminate            |
///     | format_status                    | process::state_text                             |
///
/// The server drops a cast without a handler. A call without a handler fails with `crashed`. The
/// server continues after both.
///
/// examples/counter is a complete program.
///
/// Thread safety: all callbacks run in the process, one at a time.
class server : public process {
public:
  server(caf::actor_config& config, process_context context);

  /// Registers the server's handlers, in init. A handler is a function or a lambda, and takes its
  /// message by value or as const Message&. The result `next` is the server's next step, see
  /// next.hpp. An exception in a handler ends the server.
  class handlers {
  public:
    explicit handlers(server& owner) : server_{&owner} {}

    /// Adds a handler for messages without an answer. The handler takes (Message) and returns
    /// `void` or `next`. The handler also gets messages that plain CAF actors send (OTP's info).
    template <class Handler>
    void cast(Handler handler);

    /// Adds a handler for calls. A handler that takes (Message) returns the answer, or the result
    /// of reply(). A handler that takes (Message, caller<Answer>) returns `void` or `next`, and
    /// answers through the caller, now or later. An exception fails the call too.
    template <class Handler>
    void call(Handler handler);

    /// The registered handlers as a behavior of CAF.
    caf::behavior take() { return caf::behavior{std::move(cases_)}; }

  private:
    template <class Handler>
    void add_answering(Handler handler);
    template <class Handler>
    void add_replying(Handler handler);
    template <class Handler>
    void add_deferring(Handler handler);
    template <class Case>
    void add(Case handles);

    server* server_;
    caf::message_handler cases_;
  };

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
  void idle_timer_fired(std::uint64_t timer) final;

  /// One timer serves all timeouts. A timer that fires too early is set again.
  struct idle_wait {
    /// The value of messages_ when the timeout was requested. A later message increments messages_,
    /// which cancels the timeout.
    std::uint64_t after = 0;
    caf::actor_clock::time_point due = {};
    caf::actor_clock::time_point timer_at = caf::actor_clock::time_point::max();
    /// Number of the current timer; older timers are ignored.
    std::uint64_t timer = 0;
  };

  void wait_idle(std::chrono::nanoseconds within);
  void set_idle_timer();
  void cancel_timeout() noexcept { ++messages_; }
  void carry_out(next step);
  exit_reason run_terminate(exit_reason why);
  void add_open_call(std::weak_ptr<detail::open_call> call);

  /// Runs the handler of a call. An exception fails the call before it ends the server.
  template <class Callback>
  std::invoke_result_t<Callback&> run_call(Callback callback);

  bool up_ = false;
  std::uint64_t messages_ = 0;
  /// The step after init. Null in most servers.
  std::unique_ptr<next> after_init_;
  /// Null until the server asks for a timeout.
  std::unique_ptr<idle_wait> idle_;
  exit_reason ends_with_ = exit_reason::killed();
  std::vector<std::weak_ptr<detail::open_call>> open_calls_;
};

} // namespace ottla

#include <ottla/actors/detail/server_handlers.hpp>
