#pragma once

#include <ottla/kafka/saturating_time.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ottla::kafka {

/// One record to be produced; it owns its bytes.
struct record {
  /// nullopt: no key. The partitioner chooses the partition unless produce::partition sets it.
  std::optional<std::string> key = std::nullopt;
  /// nullopt: no value, which is a tombstone in a compacted topic.
  std::optional<std::string> value = std::nullopt;
  /// Names and values, in this order. A name may occur more than once. Names and values may hold
  /// any bytes. A null value is not an empty one.
  std::vector<std::pair<std::string, std::optional<std::string>>> headers = {};
  /// Creation time of the record, in milliseconds since 1970 on the wire. nullopt, or exactly 1970:
  /// the time of the produce. A topic with message.timestamp.type=LogAppendTime ignores this field.
  std::optional<saturating_time> timestamp = std::nullopt;
};

} // namespace ottla::kafka
