#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace ottla::kafka {

/// What a connection's handles know about their brokers.
struct broker_view {
  /// Time since any broker answered any handle; nullopt: no broker ever did.
  std::optional<std::chrono::milliseconds> silent_for = std::nullopt;
  /// Present faults of single brokers, with their names: `no connection to localhost:9092`.
  std::vector<std::string> failing = {};
};

} // namespace ottla::kafka
