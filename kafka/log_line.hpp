#pragma once

#include <string>

namespace ottla::kafka {

/// A log line of librdkafka: an error, a warning, or a line that the key `debug` enables. Failures
/// are also reported to observer::failed.
struct log_line {
  /// Syslog's severity: 3 is an error, 4 a warning, 6 information, 7 debugging.
  int level = 7;
  /// librdkafka's name for the kind of line, for example `CONFWARN`.
  std::string facility = {};
  /// Secrets that the client knows are masked.
  std::string text = {};
};

} // namespace ottla::kafka
