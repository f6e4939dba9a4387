#pragma once

#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/internal/driver/consumer_handle_settings.hpp>
#include <ottla/kafka/producer/producer_settings.hpp>
#include <ottla/kafka/producer/topic_producer_settings.hpp>

#include <optional>
#include <string>
#include <vector>

namespace ottla::kafka {

/// The settings of a connection's handles. A handle that the connection does not use is nullopt.
struct handle_settings {
  cluster_settings common;
  std::optional<consumer_handle_settings> consuming = std::nullopt;
  std::optional<producer_settings> producing = std::nullopt;
  std::vector<topic_producer_settings> topics = {};
};

/// Returns one line for each broker address, key or file that librdkafka rejects or cannot use. A
/// fault that several handles share is listed once. Contacts no broker.
std::vector<std::string> refused_settings(const handle_settings& what);

/// Checks for faults that librdkafka reports only when it opens a handle: contradictory settings
/// and mismatched files. Returns one line for the first fault of each handle. Contacts no broker.
/// Call this function only if refused_settings() returns no line.
std::vector<std::string> refused_combinations(const handle_settings& what);

} // namespace ottla::kafka
