#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/admin/config_entry.hpp>
#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/result.hpp>

#include <chrono>
#include <vector>

namespace ottla::kafka {

// Requests about the configs of topics and brokers. topics.hpp states the rules of all requests.

/// Returns all configs of a topic or of a broker, sorted by name. Secret values are omitted. Fails
/// with errc::unknown_topic if the topic does not exist, and with errc::bad_setting if no broker
/// with the id is up.
result<std::vector<config_entry>> describe_configs(const cluster_settings& cluster,
                                                   const config_owner& owner,
                                                   saturating<std::chrono::milliseconds> within);

/// Makes `changes` to the configs of a topic or of a broker, and keeps all other configs. Brokers
/// make all changes or none. Fails with errc::bad_setting if a config does not exist or its value
/// is invalid.
///
/// librdkafka before 2.2 can only replace all configs of the owner. With such a version, this
/// function reads the configs that are set on the owner, applies `changes`, and writes them all
/// back. A change that another client makes between the read and the write is lost. A secret config
/// cannot be read, so the function fails with errc::not_supported if one is set on the owner and
/// `changes` does not name it. capabilities().changes_single_configs tells whether librdkafka can
/// change single configs.
result<void> alter_configs(const cluster_settings& cluster, const config_owner& owner,
                           const std::vector<config_change>& changes,
                           saturating<std::chrono::milliseconds> within);

} // namespace ottla::kafka
