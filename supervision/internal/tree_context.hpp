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

/// State that the supervisors of one tree share.
struct tree_context : detail::tree_data {
  process_observer observer = {};
  /// Seed of the jitter of restart delays.
  std::uint64_t seed = 0;
  left_behind fenced = {};
  kill_log kills = {};
  /// Begins when the application stops the tree, or when the root stops by itself.
  stop_deadline stop = {};
  unfinished_work unfinished = {};
  /// The time for processes in a stop, whether the application or the root begins the stop.
  std::chrono::nanoseconds stop_within = std::chrono::seconds{9};
  /// Actor id of an application's root. 0 without an application.
  std::atomic<caf::actor_id> root = 0;
};

/// The tree of a process. Null if the process was started without a tree.
inline tree_context* tree_of(const process_context& process) noexcept {
  return static_cast<tree_context*>(process.tree.get());
}

/// Whether the process's whole tree is stopping.
inline bool is_tree_stopping(const process_context& process) noexcept {
  const auto* tree = tree_of(process);
  return tree != nullptr && tree->stop.has_begun();
}

} // namespace ottla
