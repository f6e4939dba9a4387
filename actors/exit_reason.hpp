#pragma once

#include <ottla/actors/caf.hpp>

#include <cstdint>
#include <exception>
#include <string>

namespace ottla {

/// Why a process ended, in OTP's words.
struct exit_reason {
  enum class kind : std::uint8_t {
    /// The process had nothing left to do.
    normal,
    /// The process was asked to end, with or without a detail.
    shutdown,
    /// The process was killed.
    killed,
    /// The process threw or gave up; the text says why.
    crashed,
    /// There was no such process.
    noproc,
    /// The callee did not answer in time. Only a call fails with this reason.
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

  /// True for normal and shutdown (OTP: normal, shutdown, {shutdown, Term}). A transient child
  /// stays down after an orderly end.
  bool orderly() const noexcept { return what == kind::normal || what == kind::shutdown; }

  bool operator==(const exit_reason&) const = default;
};

/// The kind, and the text if there is one: `crashed: text`.
std::string to_string(const exit_reason& reason);

caf::error to_error(const exit_reason& reason);

/// The error of a failed call. Always an error, even if the callee ended normally.
caf::error to_failure(const exit_reason& reason);

exit_reason to_exit_reason(const caf::error& reason);

/// The text of an exception; a fixed text for other thrown objects.
std::string text_of(const std::exception_ptr& thrown);

} // namespace ottla
