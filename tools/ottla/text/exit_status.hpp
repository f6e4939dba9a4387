#pragma once

#include <ottla/kafka/error.hpp>

namespace command {

/// The exit statuses of the command, for scripts. A signal gives 128 plus its number, as in shells.
enum class exit_status : int {
  ok = 0,
  /// Kafka rejected the request or a part of it, or the output could not be written.
  failed = 1,
  /// The arguments, the settings or the input are wrong. Also if Kafka rejects a value
  /// as invalid, for example of a config.
  usage = 2,
  /// No broker answered, or not in time.
  unreachable = 3,
  /// A topic, partition or group does not exist, or a search found no record.
  nothing_found = 4,
};

constexpr exit_status status_of(ottla::kafka::errc code) noexcept {
  using ottla::kafka::errc;
  switch (code) {
    case errc::unreachable:
    case errc::timed_out: return exit_status::unreachable;
    case errc::bad_setting: return exit_status::usage;
    case errc::unknown_topic:
    case errc::unknown_group: return exit_status::nothing_found;
    default: return exit_status::failed;
  }
}

/// The status of a command of several parts: the first failure decides.
constexpr exit_status first_failure(exit_status before, exit_status next) noexcept {
  return before == exit_status::ok ? next : before;
}

} // namespace command
