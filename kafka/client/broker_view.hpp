#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace ottla::kafka {

/// What a connection's handles have seen of their brokers.
struct broker_view {
  /// Since any broker answered any handle; nullopt: none ever did.
  std::optional<std::chrono::milliseconds> silent_for = std::nullopt;
  /// What is wrong with single brokers just now, by name: `no connection to localhost:9092`.
  std::vector<std::string> failing = {};
};

} // namespace ottla::kafka
