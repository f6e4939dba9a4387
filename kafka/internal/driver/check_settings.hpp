#pragma once

#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/internal/driver/consumer_handle_settings.hpp>
#include <ottla/kafka/producer/producer_settings.hpp>

#include <optional>
#include <string>
#include <vector>

namespace ottla::kafka {

/// The settings of a connection's handles. nullopt: the connection does not use that handle.
struct handle_settings {
  cluster_settings common;
  std::optional<consumer_handle_settings> consuming = std::nullopt;
  std::optional<producer_settings> producing = std::nullopt;
};

/// The brokers, keys and files that librdkafka rejects or cannot use, one line each. A fault that
/// several handles share is listed once. Contacts no broker.
std::vector<std::string> refused_settings(const handle_settings& what);

/// Contradictory settings and mismatched files, which librdkafka rejects only when it opens a
/// handle. Lists the first fault of each handle. Contacts no broker. Call this only if
/// refused_settings() finds nothing.
std::vector<std::string> refused_combinations(const handle_settings& what);

} // namespace ottla::kafka
