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
    /// It was running already, and has a supervisor now.
    adopted,
    /// Its init had nothing to do.
    ignored,
    start_failed,
    /// It ended by itself, or by a kill that was not its supervisor's.
    ended,
    /// Its supervisor ended it, by a request or a kill. After `fenced` it may still run.
    stopped,
    /// It is started again, now.
    restarting,
    /// It did not end, or start, in time.
    killed,
    /// It hangs: no longer watched, its name taken back, left to itself.
    fenced,
    /// Its supervisor ends because of it.
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
  /// Where it waits for its restart: how long.
  std::chrono::nanoseconds delay{};
  /// Restarts within the supervisor's window, this one included.
  std::size_t restarts = 0;
};

/// `is restarted`
std::string to_string(process_event::kind what);

/// `restart`
std::string to_string(process_event::decision then);

/// For people: `shop/orders/client_branch/client ended: crashed: out of paper`
std::string to_string(const process_event& event);

/// For log files, one line of key=value, texts quoted as in JSON:
/// `event=ended child="shop/orders/client" reason="crashed: out of paper" decision=wait delay_ms=20
/// restarts=2`
std::string log_line(const process_event& event);

/// Told of each event on the thread of the supervisor, so it must be quick and safe to call from
/// several threads; it must not throw.
using process_observer = std::function<void(const process_event&)>;

} // namespace ottla
