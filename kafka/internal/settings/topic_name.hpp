#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// Returns the error text for a topic name that Kafka rejects. Returns nullopt if the name is
/// legal.
std::optional<std::string> fault_of_topic(std::string_view topic);

} // namespace ottla::kafka
