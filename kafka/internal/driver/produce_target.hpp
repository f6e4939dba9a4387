#pragma once

#include <ottla/kafka/internal/settings/name_limits.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <string>

namespace ottla::kafka {

/// Name of a record's target in error texts: `orders/3`, or `topic "orders"` if no partition is
/// chosen yet.
inline std::string name_of_target(const std::string& topic, std::int32_t partition) {
  return partition < 0 ? "topic \"" + shown(topic) + '"'
                       : to_string(topic_partition{shown(topic), partition});
}

} // namespace ottla::kafka
