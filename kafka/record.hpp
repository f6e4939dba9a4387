#pragma once

#include <ottla/kafka/saturating_time.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ottla::kafka {

/// One record to be produced; it owns its bytes.
struct record {
  /// Null key: nothing decides the partition but the partitioner's choice.
  std::optional<std::string> key = std::nullopt;
  /// Null value: a tombstone in a compacted topic.
  std::optional<std::string> value = std::nullopt;
  /// Names and values, in this order. A name may occur more than once. Names and values may hold
  /// any bytes. A null value is not an empty one.
  std::vector<std::pair<std::string, std::optional<std::string>>> headers = {};
  /// When the record was made, in milliseconds since 1970 on the wire. None, or exactly 1970: the
  /// time at which it is produced. A topic with message.timestamp.type=LogAppendTime ignores it.
  std::optional<saturating_time> timestamp = std::nullopt;
};

} // namespace ottla::kafka
