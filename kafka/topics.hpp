#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/client_settings.hpp>
#include <ottla/kafka/error.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ottla::kafka {

// One-off questions to a cluster, without a tree. They block, up to `within`: for main and for
// threads of the caller's own, never for handlers. More than an hour counts as an hour, which is
// librdkafka's limit. A negative `within` is refused with errc::bad_setting. (Elsa.Topic.)

/// The topics that the cluster shows to us, by name.
std::variant<std::vector<topic_info>, error>
list_topics(const client_settings& cluster, saturating<std::chrono::milliseconds> within);

/// Nothing: it was made. errc::topic_exists where it is there already, errc::bad_setting for a name
/// that no topic can have.
std::optional<error> create_topic(const client_settings& cluster, const new_topic& topic,
                                  saturating<std::chrono::milliseconds> within);

/// Nothing: it is deleted, which the brokers may take a while to notice. errc::unknown_topic where
/// there is none, errc::bad_setting for a name that no topic can have.
std::optional<error> delete_topic(const client_settings& cluster, const std::string& topic,
                                  saturating<std::chrono::milliseconds> within);

} // namespace ottla::kafka
