#pragma once

#include <string>

namespace ottla::kafka {

/// A line that the Kafka client logs: warnings, and what the key `debug` asks for. Failures come as
/// an error too.
struct log_line {
  /// As syslog counts: 3 is an error, 4 a warning, 6 information, 7 debugging.
  int level = 7;
  /// librdkafka's name of the kind, as `CONFWARN`.
  std::string facility = {};
  /// Holds no secret that the client knows.
  std::string text = {};
};

} // namespace ottla::kafka
