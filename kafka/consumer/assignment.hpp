#pragma once

#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace ottla::kafka {

/// A partition that a worker handles, and the worker's lease of it. Handlers get it. Before the
/// lease, the hook group_consumer::assignment_received gets an `assigned_partition`.
struct assignment {
  /// Name of the connection.
  std::string connection = {};
  /// Empty for a consumer without a group.
  std::string group = {};
  topic_partition where = {};
  /// Generation of the group, as counted by the broker. 0 without a group.
  std::int32_t generation = -1;
  /// Number of this lease. Increases with each lease of any partition of this connection. A store
  /// outside of the tree can keep the highest epoch of each partition and reject lower epochs. Then
  /// a hung worker that was replaced and resumes cannot change the store.
  std::uint64_t epoch = 0;
  /// First offset to be delivered.
  std::int64_t begins_at = 0;
  /// The offset where the partition should have begun, if the log does not hold that offset. The
  /// partition begins where group_consumer::when_missing says. If it begins at a later offset, the
  /// records in between were deleted before the group handled them. Set in each lease of the
  /// partition until a message is acknowledged.
  std::optional<std::int64_t> missing = std::nullopt;
};

} // namespace ottla::kafka
