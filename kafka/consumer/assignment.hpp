#pragma once

#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace ottla::kafka {

/// What a handler works on: one partition, under one lease.
struct assignment {
  /// Name of the connection.
  std::string connection = {};
  std::string group = {};
  topic_partition where = {};
  /// Generation of the group, as the broker counts.
  std::int32_t generation = -1;
  /// Rises with each lease of any partition of this connection. A store outside of the tree can
  /// keep the highest epoch that it has seen and reject lower ones. The store is then safe from a
  /// hanging worker that was replaced and resumes.
  std::uint64_t epoch = 0;
  /// The first offset that will be delivered.
  std::int64_t begins_at = 0;
  /// The wanted offset, if the log does not hold it. The partition then begins where
  /// group_consumer::when_missing says. If it begins later, the records in between were deleted
  /// before they were handled. Set until something of the assignment is acknowledged.
  std::optional<std::int64_t> missing = std::nullopt;
};

} // namespace ottla::kafka
