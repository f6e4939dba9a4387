#pragma once

#include <ottla/kafka/saturating_time.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ottla::kafka {

/// A record to produce. Owns its bytes.
struct record {
  /// Decides the partition, unless produce::partition does. nullopt for no key.
  std::optional<std::string> key = std::nullopt;
  /// nullopt for no value, which is a tombstone in a compacted topic.
  std::optional<std::string> value = std::nullopt;
  /// Names and values of the headers, in this order. A name may occur more than once. Names and
  /// values may hold any bytes. nullopt is a null value, which differs from an empty value.
  std::vector<std::pair<std::string, std::optional<std::string>>> headers = {};
  /// Creation time of the record. Kafka stores it in milliseconds since 1970. With nullopt, or
  /// exactly the start of 1970, Kafka stores the time of the produce. A topic with
  /// message.timestamp.type=LogAppendTime ignores this field.
  std::optional<saturating_time> timestamp = std::nullopt;
};

} // namespace ottla::kafka
