#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/exit_reason.hpp>
#include <ottla/actors/process_label.hpp>
#include <ottla/actors/process_messages.hpp>
#include <ottla/supervision/backoff.hpp>
#include <ottla/supervision/child_spec.hpp>
#include <ottla/supervision/supervisor_requests.hpp>
#include <ottla/supervision/tree_node.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ottla {

class child_processes;

/// One run of a child: from its start until the child and its own children have ended.
struct child_run {
  /// Requests that wait until the child is up, or has ended.
  struct open_calls {
    caf::response_promise starter = {};
    std::vector<caf::response_promise> terminators = {};

    void answer_starter(child_result what);
    void answer_terminators();
  };
  /// State of a child that did not start, or that died before its own children.
  struct farewell {
    std::optional<process_started> answer;
    std::optional<exit_reason> dead;
    /// Number of the dead child's own children that still live.
    std::size_t orphans = 0;
    /// Key of the dead parent, if the child is an orphan.
    std::optional<std::uint64_t> orphan_of;
  };
  /// No deadline. An optional would cost every child 8 bytes.
  static constexpr auto never = std::chrono::nanoseconds::max();

  /// The process's id. The key is a number above all ids if the start function returned no process,
  /// and 0 if there is no run.
  std::uint64_t key = 0;
  caf::actor process = {};
  /// The child's own children. Null for a worker and for an adopted process.
  std::shared_ptr<child_processes> children = nullptr;
  std::unique_ptr<open_calls> calls = nullptr;
  std::unique_ptr<farewell> leaving = nullptr;
  /// When the supervisor stops waiting for the child's start or end.
  std::chrono::nanoseconds deadline = never;
  bool is_up = false;
  /// The supervisor is ending the child.
  bool is_ending = false;
  bool is_killed = false;
  /// The process has called report_healthy() in this run.
  bool is_healthy = false;

  /// Returns `calls`, which the first use creates.
  open_calls& make_calls();
  void answer_starter(child_result what);
  void answer_terminators();

  bool is_orphan() const noexcept { return leaving && leaving->orphan_of; }
  bool is_dead() const noexcept { return leaving && leaving->dead; }
};

/// A child of a supervisor, whether it runs or not.
struct child_row {
  /// The origin of the pending start.
  enum class cause : std::uint8_t {
    supervisor,
    /// A start_child request. If the start fails, the child is removed.
    start_child,
    restart_child,
  };

  std::shared_ptr<const child_spec> spec = nullptr;
  std::shared_ptr<const process_label> label = nullptr;
  /// Null without restart_delay and give_up_after.
  std::unique_ptr<backoff> delays = nullptr;
  exit_reason last_end = {};
  std::uint32_t restarts = 0;
  cause started_by = cause::supervisor;
  child_run run = {};

  const std::string& id() const noexcept { return spec->id; }
  /// Whether the child is never restarted, and removed when it is down.
  bool is_temporary() const noexcept { return spec->restart == restart_policy::temporary; }
  bool is_running() const noexcept { return run.key != 0; }
  /// `waits` is true if the child waits for its restart.
  child_status status(bool waits) const noexcept;
};

} // namespace ottla
