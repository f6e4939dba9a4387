#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// Why Kafka does not accept a topic's name, for people; nullopt: the name is legal.
std::optional<std::string> fault_of_topic(std::string_view topic);

} // namespace ottla::kafka
