#pragma once

#include <ottla/kafka/saturating_time.hpp>

#include <cstdint>
#include <variant>

namespace ottla::kafka {

/// The oldest record that the partition still holds.
struct earliest {};

/// Only records that are produced after the offset is resolved. Records of a transaction that is
/// open at that time are delivered too, unless `isolation.level` is read_uncommitted.
///
/// In group_consumer::begin, `latest` applies to the partitions that a topic has when the group
/// begins to consume the topic. A partition or topic that is added later is read from its earliest
/// record. ottla stores the initial number of partitions in the metadata of committed offsets. If
/// another client has committed without this number, each partition without a committed offset
/// counts as added later.
struct latest {};

/// The first record whose timestamp is not before `when`, or the end of the log if no record
/// matches. The oldest record if `when` is before 1970.
struct since {
  saturating_time when = {};
};

/// The record with this offset. If the log does not hold it, group_consumer::when_missing applies.
struct at_offset {
  std::int64_t offset = 0;
};

/// Where a partition begins if the group has no committed offset for it. ottla resolves the choice
/// to a number before the first worker starts, and commits the number at once. Logical offsets are
/// never committed. Kafka: auto.offset.reset, which has the first two choices.
using begin_offset = std::variant<earliest, latest, since, at_offset>;

} // namespace ottla::kafka
