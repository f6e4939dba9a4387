#pragma once

#include <ottla/supervision/child_spec.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

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

/// Outcome of one start of a worker.
enum class init_outcome : std::uint8_t {
  succeeds,
  ignores,
  stops,
  fails,
  /// The start lasts until the worker gets be_ready.
  succeeds_later,
  /// The test makes the worker crash before its start is done.
  fails_later,
};

struct planned_team;

/// One child of a random tree. The model and the real supervisor are both made from this plan. Ids
/// and names are unique in the whole tree.
struct planned_child {
  std::string id;
  restart_policy restart = restart_policy::permanent;
  bool significant = false;
  /// The shutdown time. Zero means brutal_kill.
  std::chrono::nanoseconds patience = std::chrono::seconds{5};
  /// Whether the child ignores shutdown requests, so that only a kill ends it.
  bool deaf = false;
  std::string name = {};
  std::optional<backoff_settings> restart_delay = {};
  std::size_t give_up_after = 0;
  healthy_when healthy = healthy_when::lasting;
  /// Outcomes of the first starts, in order. All later starts succeed.
  std::deque<init_outcome> inits = {};
  /// Null for a worker.
  std::shared_ptr<const planned_team> team = nullptr;
};

/// The settings of a child that is a supervisor.
struct planned_team {
  ottla::strategy strategy = strategy::one_for_one;
  restart_limit restarts = {};
  ottla::auto_shutdown when_done = auto_shutdown::never;
  /// A dynamic supervisor has no strategy, and no children at first.
  bool dynamic = false;
  std::size_t max_children = std::numeric_limits<std::size_t>::max();
  std::vector<planned_child> children = {};
};

} // namespace ottla::test
