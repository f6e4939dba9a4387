#pragma once

#include <ottla/actors/exit_reason.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace ottla {

/// One step in the life of a supervised process, as its supervisor saw it.
struct process_event {
  enum class kind : std::uint8_t { started, start_failed, ended, restarting, fenced, gave_up };

  kind what = kind::started;
  /// From the root down: `word_count/words/group_supervisor/coordinator`.
  std::string path;
  /// Why it ended, or why the start failed.
  exit_reason reason = {};
  /// Restarts within the supervisor's window, this one included.
  std::size_t restarts = 0;
};

/// `is restarted`
std::string to_string(process_event::kind what);

/// `shop/orders/client_branch/client ended: crashed: out of paper`
std::string to_string(const process_event& event);

/// Told of each event on the thread of the supervisor, so it must be quick and safe to call from
/// several threads; it must not throw.
using process_observer = std::function<void(const process_event&)>;

} // namespace ottla
