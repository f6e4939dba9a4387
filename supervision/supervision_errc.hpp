#pragma once

#include <cstdint>
#include <string_view>

namespace ottla {

/// Why a supervisor did not do as it was asked, in OTP's words.
enum class supervision_errc : std::uint8_t {
  none,
  /// start_child: a child with this id, or a process with this name, is there and has a process.
  already_started,
  /// start_child: a child with this id is there, without a process; restart_child starts it.
  already_present,
  /// restart_child, delete_child: it has a process; terminate_child comes first.
  running,
  /// restart_child, delete_child: it waits for its restart; terminate_child cancels that.
  restarting,
  /// There is no such child.
  not_found,
  /// A dynamic supervisor has as many children as it may. Trying later can help.
  max_children,
  /// Dynamic supervisors know their children by process, and keep no specs of those that are gone.
  simple_one_for_one,
  /// The spec makes no sense; the text says all that is wrong.
  bad_spec,
  /// Its init threw, stopped, or took too long.
  start_failed,
  /// The supervisor is about to end. Its replacement can help.
  shutting_down,
};

std::string_view to_string(supervision_errc error) noexcept;

} // namespace ottla
