#pragma once

#include <ottla/actors/exit_reason.hpp>
#include <ottla/actors/saturating.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace ottla {

/// A server's next step after a callback. By default the server waits for the next message.
///
///     on.cast([this](close) { return next::stop(); });
///     on.cast([this](touch) { return next::timeout(1min); });          // then timed_out() runs
///     on.call([this](get_total) { return reply(total_, next::then([this] { save(); })); });
class next {
public:
  next() = default;

  /// Waits for a message, and calls timed_out if no message for a handler arrives within `idle`.
  /// Introspection requests do not count, nor do answers to the server's own calls. An `idle`
  /// beyond the longest wait means no timeout.
  static next timeout(saturating<std::chrono::nanoseconds> idle) {
    next result;
    result.idle_ = idle;
    return result;
  }

  /// Runs `step` after the reply of the current callback and before the next message (OTP's
  /// continue). `step` returns void or a `next`. A kill waits until the step has returned.
  template <class Step>
  static next then(Step step) {
    next result;
    if constexpr (std::is_void_v<std::invoke_result_t<Step&>>)
      result.step_ = [step = std::move(step)]() mutable {
        step();
        return next{};
      };
    else
      result.step_ = std::move(step);
    return result;
  }

  /// Ends the server. First terminate runs, then the reply of the current callback is sent, then
  /// the process ends.
  static next stop(exit_reason why = exit_reason::normal()) {
    next result;
    result.stop_ = std::move(why);
    return result;
  }

  // For the server, which carries out the step.

  const std::optional<std::chrono::nanoseconds>& idle() const noexcept { return idle_; }
  const std::function<next()>& step() const noexcept { return step_; }
  const std::optional<exit_reason>& end() const noexcept { return stop_; }

private:
  std::optional<std::chrono::nanoseconds> idle_;
  std::function<next()> step_;
  std::optional<exit_reason> stop_;
};

/// The result of a server's init. By default the start succeeds. A `next` sets the step after init.
/// next::stop fails the start.
class init_result {
public:
  enum class kind { ok, ignore, later };

  init_result() = default;
  init_result(next follows) : next_{std::move(follows)} {}

  /// For a server that has nothing to do. The process ends normally, and reports `ignored` to its
  /// starter.
  static init_result ignore() { return init_result{kind::ignore}; }

  /// The start completes with start_done(). The server handles messages before that call.
  static init_result later() { return init_result{kind::later}; }

  // For the server, which carries out the result.

  kind result() const noexcept { return kind_; }
  const next& follows() const noexcept { return next_; }

private:
  explicit init_result(kind result) : kind_{result} {}

  kind kind_ = kind::ok;
  next next_;
};

/// The answer of a call, and the server's next step. Made by reply().
template <class Answer>
struct replied {
  Answer answer;
  next then = {};
};

/// For a handler of a call that also sets the next step: `return reply(total_, next::stop());`.
template <class Answer>
replied<std::decay_t<Answer>> reply(Answer&& answer, next then) {
  return {std::forward<Answer>(answer), std::move(then)};
}

} // namespace ottla
