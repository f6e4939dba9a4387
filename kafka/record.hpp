#pragma once

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
  std::vector<std::pair<std::string, std::string>> headers = {};
};

} // namespace ottla::kafka
