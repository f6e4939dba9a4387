#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

namespace ottla::kafka {

/// One partition of one topic.
struct topic_partition {
  std::string topic = {};
  std::int32_t partition = 0;

  auto operator<=>(const topic_partition&) const = default;
};

/// Returns `orders/3`, the spelling in logs and process names.
std::string to_string(const topic_partition& where);

} // namespace ottla::kafka

template <>
struct std::hash<ottla::kafka::topic_partition> {
  std::size_t operator()(const ottla::kafka::topic_partition& where) const noexcept {
    return std::hash<std::string>{}(where.topic) * 31 + static_cast<std::size_t>(where.partition);
  }
};
