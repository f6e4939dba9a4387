#pragma once

#include <cstdint>
#include <string_view>

namespace ottla {

/// Why a supervisor rejected a request, in OTP's words.
enum class supervision_errc : std::uint8_t {
  none,
  /// start_child, adopt_child: a child with this id has a process. adopt_child: the process is
  /// already a child. start_child, restart_child, adopt_child: another process has this name.
  already_started,
  /// start_child, adopt_child: a child with this id exists without a process. restart_child starts
  /// the child.
  already_present,
  /// restart_child, delete_child: the child has a process. Call terminate_child first.
  running,
  /// restart_child, delete_child: the child waits for its restart. terminate_child cancels the
  /// restart.
  restarting,
  /// The supervisor has no such child.
  not_found,
  /// The dynamic supervisor has max_children children. A later retry can succeed.
  max_children,
  /// The request names an id. Dynamic supervisors identify children by process, and keep no specs
  /// of dead children.
  simple_one_for_one,
  /// The spec is invalid. The text lists all faults.
  bad_spec,
  /// The child's start function threw or returned no process. Or the child's init threw, stopped,
  /// was ended, or took too long. adopt_child: the process is dead.
  start_failed,
  /// The supervisor is ending. A retry can succeed with its replacement.
  shutting_down,
};

std::string_view to_string(supervision_errc error) noexcept;

} // namespace ottla
