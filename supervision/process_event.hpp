#pragma once

#include <ottla/actors/exit_reason.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace ottla {

/// One step in the life of a supervised process, as its supervisor sees it.
struct process_event {
  enum class kind : std::uint8_t {
    started,
    /// The supervisor adopted a running process.
    adopted,
    /// The process's init ignored the start, because the process has nothing to do.
    ignored,
    start_failed,
    /// The process ended by itself, or a process other than its supervisor killed it.
    ended,
    /// The supervisor ended the process, by a request or a kill. After `fenced` the process may
    /// still run.
    stopped,
    /// The supervisor restarts the process now.
    restarting,
    /// The process did not start or end in time, so the supervisor kills it.
    killed,
    /// The process hangs. The supervisor releases its name, stops watching it and leaves it
    /// running.
    fenced,
    /// The supervisor gives up and ends, because this process failed too often.
    gave_up,
  };

  /// The supervisor's decision about the process.
  enum class decision : std::uint8_t { none, restart, wait, keep_down, forget, give_up, shut_down };

  kind what = kind::started;
  /// The ids from the root down: `word_count/words/group_supervisor/coordinator`.
  std::string path = {};
  /// Why the process ended, or why its start failed.
  exit_reason reason = {};
  decision then = decision::none;
  /// Delay before the restart, with decision::wait.
  std::chrono::nanoseconds delay{};
  /// Number of restarts within the supervisor's window, including this restart.
  std::size_t restarts = 0;
};

/// The kind as words for people: `is restarted` for `restarting`.
std::string to_string(process_event::kind what);

/// The name of the decision, for example `restart`.
std::string to_string(process_event::decision then);

/// A line for people: `shop/orders/producing/producer ended: crashed: out of paper`
std::string to_string(const process_event& event);

/// A line for log files. The format is logfmt, with texts quoted as in JSON:
/// `event=ended child="shop/orders/db" reason="crashed: out of paper" decision=wait
/// delay_ms=20 restarts=2`
std::string to_logfmt(const process_event& event);

/// Called for each event, on the thread of the supervisor. Must be quick and safe to call from
/// several threads. Only the first exception is printed, and no exception ends a process.
using process_observer = std::function<void(const process_event&)>;

} // namespace ottla
