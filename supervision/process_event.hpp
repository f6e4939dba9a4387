#pragma once

#include <ottla/actors/exit_reason.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace ottla {

/// One step in the life of a supervised process, as its supervisor saw it.
struct process_event {
  enum class kind : std::uint8_t {
    started,
    /// A running process got a supervisor.
    adopted,
    /// The process's init had nothing to do.
    ignored,
    start_failed,
    /// The process ended by itself, or by a kill that was not its supervisor's.
    ended,
    /// The supervisor ended the process, by a request or a kill. After `fenced` it may still run.
    stopped,
    /// The process is restarted now.
    restarting,
    /// The process did not end, or start, in time.
    killed,
    /// The process hangs. It is no longer watched, its name is released, and it is left running.
    fenced,
    /// The supervisor ends because of this process.
    gave_up,
  };

  /// What follows for the process.
  enum class decision : std::uint8_t { none, restart, wait, keep_down, forget, give_up, shut_down };

  kind what = kind::started;
  /// From the root down: `word_count/words/group_supervisor/coordinator`.
  std::string path = {};
  /// Why it ended, or why the start failed.
  exit_reason reason = {};
  decision then = decision::none;
  /// Delay before the restart, with decision::wait.
  std::chrono::nanoseconds delay{};
  /// Restarts within the supervisor's window, this one included.
  std::size_t restarts = 0;
};

/// `is restarted`
std::string to_string(process_event::kind what);

/// `restart`
std::string to_string(process_event::decision then);

/// For people: `shop/orders/producing/shared_producer ended: crashed: out of paper`
std::string to_string(const process_event& event);

/// For log files: logfmt, one line of key=value, with texts quoted as in JSON:
/// `event=ended child="shop/orders/db" reason="crashed: out of paper" decision=wait
/// delay_ms=20 restarts=2`
std::string to_logfmt(const process_event& event);

/// Called for each event on the thread of the supervisor. Must be quick and safe to call from
/// several threads. Must not throw.
using process_observer = std::function<void(const process_event&)>;

} // namespace ottla
