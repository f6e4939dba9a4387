#pragma once

#include <ottla/kafka/fetch/stream.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace ottla::kafka {

/// librdkafka rejects longer time limits. Longer limits count as this limit.
inline constexpr std::chrono::milliseconds longest_within = std::chrono::hours{1};

/// Returns all faults of the settings, separated by `; `. Returns nullopt if there are none.
std::optional<std::string> fault_of_stream(const stream_settings& what,
                                           std::chrono::milliseconds within);

} // namespace ottla::kafka
