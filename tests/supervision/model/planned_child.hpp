#pragma once

#include <ottla/supervision/child_spec.hpp>
#include <ottla/supervision/supervisor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ottla::test {

/// What one start of a worker comes to.
enum class init_outcome : std::uint8_t {
  succeeds,
  ignores,
  stops,
  fails,
  /// It takes until it is told to go on.
  succeeds_later,
  /// It is told to crash before it was done.
  fails_later,
};

struct planned_child;

/// What makes a child a supervisor.
struct planned_team {
  ottla::strategy strategy = strategy::one_for_one;
  restart_limit restarts = {};
  ottla::auto_shutdown when_done = auto_shutdown::never;
  /// A dynamic supervisor: no strategy, no children of its own to begin with.
  bool dynamic = false;
  std::size_t max_children = std::numeric_limits<std::size_t>::max();
  std::vector<planned_child> children = {};
};

/// One child of a random tree: what the model and the real supervisor are both made from. Ids, and
/// names, are unique in the whole tree.
struct planned_child {
  std::string id;
  restart_policy restart = restart_policy::permanent;
  bool significant = false;
  /// Zero: brutal_kill.
  std::chrono::nanoseconds patience = std::chrono::seconds{5};
  /// Does not hear a shutdown: only a kill ends it.
  bool deaf = false;
  std::string name = {};
  std::optional<backoff_settings> restart_delay = {};
  std::size_t give_up_after = 0;
  healthy_when healthy = healthy_when::lasting;
  /// One for each start; all others succeed.
  std::deque<init_outcome> inits = {};
  /// Null for a worker.
  std::shared_ptr<const planned_team> team = nullptr;
};

} // namespace ottla::test
