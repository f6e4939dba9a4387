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

// One-off requests to a cluster, without a tree. Each blocks for up to `within`: call from main or
// from threads of your own, never from handlers. More than an hour counts as an hour, which is
// librdkafka's limit. A negative `within` is rejected with errc::bad_setting. (Elsa.Topic.)

/// The topics that the cluster shows to this client, sorted by name.
std::variant<std::vector<topic_info>, error>
list_topics(const cluster_settings& cluster, saturating<std::chrono::milliseconds> within);

/// nullopt: the topic was created. errc::topic_exists if the topic exists already,
/// errc::bad_setting for a name that no topic can have.
std::optional<error> create_topic(const cluster_settings& cluster, const new_topic& topic,
                                  saturating<std::chrono::milliseconds> within);

/// nullopt: the topic is deleted, which the brokers may take a while to notice. errc::unknown_topic
/// if there is no such topic, errc::bad_setting for a name that no topic can have.
std::optional<error> delete_topic(const cluster_settings& cluster, const std::string& topic,
                                  saturating<std::chrono::milliseconds> within);

} // namespace ottla::kafka
