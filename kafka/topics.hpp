#pragma once

#include <ottla/kafka/client_settings.hpp>
#include <ottla/kafka/error.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ottla::kafka {

// One-off questions to a cluster, without a tree. They block, up to `within`: for main and for
// threads of the caller's own, never for handlers. (Elsa.Topic.)

/// The topics that the cluster shows to us, by name.
std::variant<std::vector<topic_info>, error> list_topics(const client_settings& cluster,
                                                         std::chrono::milliseconds within);

/// Nothing: it was made. errc::topic_exists where it is there already.
std::optional<error> create_topic(const client_settings& cluster, const new_topic& topic,
                                  std::chrono::milliseconds within);

/// Nothing: it is deleted, which the brokers may take a while to notice. errc::unknown_topic where
/// there is none.
std::optional<error> delete_topic(const client_settings& cluster, const std::string& topic,
                                  std::chrono::milliseconds within);

} // namespace ottla::kafka
