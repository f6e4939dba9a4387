#pragma once

#include <ottla/actors/exit_reason.hpp>
#include <ottla/actors/saturating.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace ottla {

/// What a server does when a callback has returned. By default it waits for the next message.
class next {
public:
  next() = default;

  /// Waits, and has timed_out called when no message came for so long. Beyond the longest wait
  /// there is no timeout.
  static next timeout(saturating<std::chrono::nanoseconds> idle) {
    next what;
    what.idle_ = idle;
    return what;
  }

  /// Does this first, before any message and after the reply of the callback in hand (OTP's
  /// continue). The step answers nothing, or what is next after it. Kills wait for it too.
  template <class Step>
  static next then(Step step) {
    next what;
    if constexpr (std::is_void_v<std::invoke_result_t<Step&>>)
      what.step_ = [step = std::move(step)]() mutable {
        step();
        return next{};
      };
    else
      what.step_ = std::move(step);
    return what;
  }

  /// Ends: terminate, then the reply of the callback in hand, then the process.
  static next stop(exit_reason why = exit_reason::normal()) {
    next what;
    what.stop_ = std::move(why);
    return what;
  }

  const std::optional<std::chrono::nanoseconds>& idle() const noexcept { return idle_; }
  const std::function<next()>& step() const noexcept { return step_; }
  const std::optional<exit_reason>& end() const noexcept { return stop_; }

private:
  std::optional<std::chrono::nanoseconds> idle_;
  std::function<next()> step_;
  std::optional<exit_reason> stop_;
};

/// What a server's init answers: ok by default, and as a `next` what follows on it, a stop being a
/// failed start.
class init_result {
public:
  enum class kind { ok, ignore, later };

  init_result() = default;
  init_result(next follows) : next_{std::move(follows)} {}

  /// There is nothing to do: the process ends normally, and its starter is told so.
  static init_result ignore() { return init_result{kind::ignore}; }

  /// The start is done only with start_done(); messages are handled meanwhile.
  static init_result later() { return init_result{kind::later}; }

  kind what() const noexcept { return what_; }
  const next& follows() const noexcept { return next_; }

private:
  explicit init_result(kind what) : what_{what} {}

  kind what_ = kind::ok;
  next next_;
};

} // namespace ottla
