#pragma once

#include <ottla/kafka/consumer/begin_offset.hpp>
#include <ottla/kafka/internal/driver/events.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <optional>

namespace ottla::kafka {

// Rules for the first offset to read of an assigned partition. For implementations of
// consumer_handle::resolve.

struct beginning_rules {
  /// Applies if the group has committed nothing.
  begin_offset otherwise;
  /// Applies if the log does not hold the wanted offset.
  begin_offset when_missing;
};

/// The offsets that a consumer may begin at.
struct log_range {
  /// The first offset that is not deleted.
  std::int64_t low = 0;
  /// The high watermark. The last stable offset may be lower while a transaction is open. Records
  /// between the two exist; a reader of committed records waits for the end of the transaction.
  std::int64_t high = 0;
  /// The epoch of the newest leader that the log has seen; -1: not known.
  std::int32_t epoch = -1;

  bool holds(std::int64_t offset) const noexcept { return offset >= low && offset <= high; }
};

/// What a group has committed.
struct group_state {
  /// Committed offset of the partition; -1: none.
  std::int64_t committed = -1;
  /// Leader epoch of the record before `committed`; -1: not known.
  std::int32_t epoch = -1;
  /// A broker has reported that the log lost the record before `committed`.
  bool is_lost = false;
  /// How many partitions the topic had when the group began to consume the topic. nullopt: the
  /// group has committed nothing of the topic, so the group begins now. 0: not known.
  std::optional<std::int32_t> first_partitions = std::nullopt;
};

/// The rule that selects the first offset to read. If `otherwise` is `latest`, a partition that was
/// added after the group began is read from the earliest record. Even its first records are newer
/// than the group.
begin_offset first_choice(const topic_partition& which, const group_state& group,
                          const begin_offset& otherwise);

/// A beginning at the offset `wanted`. If the log does not hold that offset, sets `missing`; call
/// `begin_instead` then. A log that was created again, or that lost records, does not hold the
/// committed offset: another record has that number now. Epochs of leaders never decrease, so a log
/// whose epoch is lower than the committed one was created again.
beginning begin_at(const topic_partition& which, const group_state& group, const log_range& log,
                   std::int64_t wanted);

/// Begins at `offset`, which `when_missing` selects, or at the nearest offset that the log holds.
void begin_instead(beginning& where, std::int64_t offset);

} // namespace ottla::kafka
