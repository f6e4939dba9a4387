#pragma once

#include <ottla/kafka/consumer/begin_offset.hpp>
#include <ottla/kafka/internal/driver/events.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <optional>

namespace ottla::kafka {

// Rules that select the first offset to read of an assigned partition. All implementations of
// consumer_handle::resolve use these rules.
// The coordinator handles an offset that goes out of range while the partition is read: see
// handle(partition_failed) in coordinator_handle.cpp.

struct beginning_rules {
  /// Applies if the group has committed nothing.
  begin_offset otherwise;
  /// Applies if the log does not hold the wanted offset.
  begin_offset when_missing;
};

/// Offsets at which a consumer may begin.
struct log_range {
  /// The first offset that is not deleted.
  std::int64_t low = 0;
  /// The high watermark. While a transaction is open, the last stable offset may be lower. The log
  /// holds the records between these two offsets. A read_committed consumer gets these records
  /// after the transaction ends.
  std::int64_t high = 0;
  /// Epoch of the log's newest leader; -1 if unknown.
  std::int32_t epoch = -1;

  bool holds(std::int64_t offset) const noexcept { return offset >= low && offset <= high; }
};

/// The state of a group for one partition.
struct group_state {
  /// Committed offset of the partition; -1 if none.
  std::int64_t committed = -1;
  /// Leader epoch of the record before `committed`; -1 if unknown.
  std::int32_t epoch = -1;
  /// A broker has reported that the log lost the record before `committed`.
  bool is_lost = false;
  /// Number of partitions that the topic had when the group began to consume the topic. 0 if
  /// unknown. nullopt if the group has committed no offset of the topic, and so begins now.
  std::optional<std::int32_t> first_partitions = std::nullopt;
};

/// Returns the rule that selects the first offset to read. If `otherwise` is `latest`, a partition
/// that was added after the group began is read from its earliest record, because all its records
/// are newer than the group.
begin_offset first_choice(const topic_partition& which, const group_state& group,
                          const begin_offset& otherwise);

/// Returns a beginning at the offset `wanted`. Sets `missing` if the log does not hold that offset.
/// In this case callers call `begin_instead`. Also sets `missing` for the committed offset if the
/// log was recreated or lost records, because another record may have that offset. Leader epochs
/// of a log never decrease, so a log whose epoch is lower than the committed epoch was recreated.
beginning begin_at(const topic_partition& which, const group_state& group, const log_range& log,
                   std::int64_t wanted);

/// Moves the beginning to `offset`, or to the nearest offset that the log holds. `when_missing` has
/// selected `offset`.
void begin_instead(beginning& where, std::int64_t offset);

} // namespace ottla::kafka
