#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/start.hpp>
#include <ottla/supervision/internal/kill_log.hpp>
#include <ottla/supervision/internal/left_behind.hpp>
#include <ottla/supervision/internal/stop_deadline.hpp>
#include <ottla/supervision/internal/unfinished_work.hpp>
#include <ottla/supervision/process_event.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>

namespace ottla {

/// What the supervisors of one tree share.
struct tree_context : detail::tree_data {
  process_observer observer = {};
  /// Seed of the jitter of restart delays.
  std::uint64_t seed = 0;
  left_behind fenced = {};
  kill_log kills = {};
  /// Begins when the application, or its root by itself, stops the tree.
  stop_deadline stop = {};
  unfinished_work unfinished = {};
  /// How long processes have in a stop that the root begins by itself.
  std::chrono::nanoseconds stop_within = std::chrono::seconds{9};
  /// Id of the process at the root of an application; 0 if there is none.
  std::atomic<caf::actor_id> root = 0;
};

/// The tree that a process is in; null if the process has no supervisor.
inline tree_context* tree_of(const process_context& process) noexcept {
  return static_cast<tree_context*>(process.tree.get());
}

/// Whether the process's tree is being stopped as a whole.
inline bool is_tree_stopping(const process_context& process) noexcept {
  const auto* tree = tree_of(process);
  return tree != nullptr && tree->stop.has_begun();
}

} // namespace ottla
