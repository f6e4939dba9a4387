#pragma once

#include <ottla/kafka/begin_offset.hpp>
#include <ottla/kafka/client/events.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <optional>

namespace ottla::kafka {

// The rules by which the beginning of an assigned partition is found, for whoever implements
// consumer::resolve.

struct beginning_rules {
  /// Where the group has committed nothing.
  begin_offset otherwise;
  /// Where the wanted offset is not in the log.
  begin_offset when_missing;
};

/// The offsets that a consumer may begin at.
struct log_range {
  /// The first offset that is not deleted.
  std::int64_t low = 0;
  /// The high watermark. The last stable offset may be lower while a transaction is open. Records
  /// between the two exist; a reader of committed records waits for the end of the transaction.
  std::int64_t high = 0;

  bool holds(std::int64_t offset) const noexcept { return offset >= low && offset <= high; }
};

/// What a group has committed.
struct group_state {
  /// Of the partition; -1: nothing.
  std::int64_t committed = -1;
  /// How many partitions the topic had when the group began to consume the topic. nullopt: the
  /// group has committed nothing of the topic, so the group begins now. 0: not known.
  std::optional<std::int32_t> first_partitions = std::nullopt;
};

/// Which rule says where to begin. A partition that was added to its topic after the group began is
/// read from the earliest record where `otherwise` is `latest`: the records that were produced
/// before anybody consumed the new partition are newer than the group.
begin_offset first_choice(const topic_partition& which, const group_state& group,
                          const begin_offset& otherwise);

/// The beginning at the offset `wanted`, which is missing where the log does not hold that offset.
/// Then `begin_instead` has to follow.
beginning begin_at(const topic_partition& which, const group_state& group, const log_range& log,
                   std::int64_t wanted);

/// Begins at the offset that `when_missing` says, or at the nearest one that the log holds.
void begin_instead(beginning& where, std::int64_t offset);

} // namespace ottla::kafka
