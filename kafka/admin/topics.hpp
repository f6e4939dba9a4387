#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/admin/topic_info.hpp>
#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/error.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ottla::kafka {

// Requests to a cluster that need no connection. Each function blocks for up to `within`, so call
// it from main or from a thread of the program, never from a handler. The longest wait is an hour,
// as in librdkafka. A negative `within` is rejected with errc::bad_setting.
// (Elsa.Topic.)

/// Returns the topics that the cluster shows to this client, sorted by name.
std::variant<std::vector<topic_info>, error>
list_topics(const cluster_settings& cluster, saturating<std::chrono::milliseconds> within);

/// Creates a topic. Returns nullopt on success, errc::topic_exists if the topic exists already, and
/// errc::bad_setting if the name, `partitions` or `replicas` is invalid.
std::optional<error> create_topic(const cluster_settings& cluster, const new_topic& topic,
                                  saturating<std::chrono::milliseconds> within);

/// Deletes a topic. Returns nullopt on success, errc::unknown_topic if the topic does not exist,
/// and errc::bad_setting if the name is invalid. Brokers may show a deleted topic for a
/// while.
std::optional<error> delete_topic(const cluster_settings& cluster, const std::string& topic,
                                  saturating<std::chrono::milliseconds> within);

} // namespace ottla::kafka
