#pragma once

#include <ottla/actors/caf.hpp>

#include <cstdint>
#include <string>

namespace ottla {

/// Why a process ended, in OTP's words.
struct exit_reason {
  enum class kind : std::uint8_t {
    /// It had nothing left to do.
    normal,
    /// It was asked to end, with a detail or without.
    shutdown,
    /// It was ended without being asked.
    killed,
    /// It threw or gave up; the text says why.
    crashed,
    /// There was no such process.
    noproc,
  };

  kind what = kind::normal;
  std::string text = {};

  static exit_reason normal() { return {kind::normal, {}}; }
  static exit_reason shutdown(std::string detail = {}) {
    return {kind::shutdown, std::move(detail)};
  }
  static exit_reason killed() { return {kind::killed, {}}; }
  static exit_reason crashed(std::string why) { return {kind::crashed, std::move(why)}; }
  static exit_reason noproc() { return {kind::noproc, {}}; }

  /// What a transient child may end with and stay down (OTP: normal, shutdown, {shutdown, Term}).
  bool orderly() const noexcept { return what == kind::normal || what == kind::shutdown; }

  bool operator==(const exit_reason&) const = default;
};

/// `crashed: text`
std::string to_string(const exit_reason& reason);

caf::error to_error(const exit_reason& reason);
exit_reason to_exit_reason(const caf::error& reason);

} // namespace ottla
