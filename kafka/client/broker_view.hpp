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
  /// `host:port` of brokers to which connections fail again and again just now.
  std::vector<std::string> failing = {};
};

} // namespace ottla::kafka
