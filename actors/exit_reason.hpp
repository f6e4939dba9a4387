#pragma once

#include <ottla/actors/caf.hpp>

#include <cstdint>
#include <exception>
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
    /// It did not answer in time: what a call fails with, not a process.
    timeout,
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
  static exit_reason timeout() { return {kind::timeout, {}}; }

  /// What a transient child may end with and stay down (OTP: normal, shutdown, {shutdown, Term}).
  bool orderly() const noexcept { return what == kind::normal || what == kind::shutdown; }

  bool operator==(const exit_reason&) const = default;
};

/// `crashed: text`
std::string to_string(const exit_reason& reason);

caf::error to_error(const exit_reason& reason);

/// As the error of a call: never a success, whatever the callee ended with.
caf::error to_failure(const exit_reason& reason);

exit_reason to_exit_reason(const caf::error& reason);

/// What an exception says of itself.
std::string text_of(const std::exception_ptr& thrown);

} // namespace ottla
