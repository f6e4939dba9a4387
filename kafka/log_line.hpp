#pragma once

#include <string>

namespace ottla::kafka {

/// A log line of the Kafka client: a warning, or a line that the key `debug` enables. Failures are
/// reported as an `error` too.
struct log_line {
  /// Syslog's severity: 3 is an error, 4 a warning, 6 information, 7 debugging.
  int level = 7;
  /// librdkafka's name for the kind of line: `CONFWARN`.
  std::string facility = {};
  /// Holds no secret that the client knows.
  std::string text = {};
};

} // namespace ottla::kafka
