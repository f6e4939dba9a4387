#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace ottla::kafka {

/// State of a connection's brokers, as all handles of the connection see it.
struct broker_view {
  /// Time since a broker last answered a consumer or a producer; nullopt if no broker ever did.
  /// Answers to look-ups do not count.
  std::optional<std::chrono::milliseconds> silent_for = std::nullopt;
  /// Current fault and name of each failing broker, such as `no connection to localhost:9092`.
  std::vector<std::string> failing = {};
};

} // namespace ottla::kafka
