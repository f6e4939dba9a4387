#pragma once

#include <cstdint>
#include <string_view>

namespace ottla {

/// Why a supervisor did not do as it was asked, in OTP's words.
enum class supervision_errc : std::uint8_t {
  none,
  /// start_child: a child with this id has a process, or a process has this name.
  already_started,
  /// start_child: a child with this id exists without a process; restart_child starts it.
  already_present,
  /// restart_child, delete_child: the child has a process; call terminate_child first.
  running,
  /// restart_child, delete_child: the child waits for its restart; terminate_child cancels that.
  restarting,
  /// There is no such child.
  not_found,
  /// A dynamic supervisor has as many children as it may. Trying later can help.
  max_children,
  /// The request is by id. Dynamic supervisors know children by process, and keep no specs of dead
  /// ones.
  simple_one_for_one,
  /// The spec is invalid; the text lists all faults.
  bad_spec,
  /// The child's init threw, stopped, or took too long.
  start_failed,
  /// The supervisor is ending. A retry can succeed with its replacement.
  shutting_down,
};

std::string_view to_string(supervision_errc error) noexcept;

} // namespace ottla
