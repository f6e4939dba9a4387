#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <optional>

namespace ottla::kafka {

/// The records of a partition that delete_records deletes.
struct records_before {
  topic_partition where = {};
  /// All records before this offset. nullopt for all records of the partition.
  std::optional<std::int64_t> offset = std::nullopt;
};

/// The outcome of delete_records for one partition.
struct records_deleted {
  topic_partition where = {};
  /// The first offset that the log has now. -1 if the request failed.
  std::int64_t log_begin = -1;
  /// nullopt if the records were deleted.
  std::optional<error> failed = std::nullopt;
};

} // namespace ottla::kafka
