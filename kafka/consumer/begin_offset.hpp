#pragma once

#include <ottla/kafka/saturating_time.hpp>

#include <cstdint>
#include <variant>

namespace ottla::kafka {

/// The oldest record the partition still holds.
struct earliest {};

/// Only records that are produced after the offset is resolved. Records of a transaction that is
/// open at that time come too, unless `isolation.level` is read_uncommitted.
///
/// In group_consumer::begin, `latest` applies to the partitions that a topic has when the group
/// begins to consume the topic. A partition or topic that is added later is read from its earliest
/// record. The metadata of a group's committed offsets holds the number of partitions that the
/// group began with. Other clients commit without that number. Then each partition without a
/// committed offset counts as added later.
struct latest {};

/// The first record whose timestamp is not before `when`, or the end of the log if there is none.
/// All records if `when` is before 1970.
struct since {
  saturating_time when = {};
};

/// The record with this offset. If the log does not hold it, group_consumer::when_missing applies.
struct at_offset {
  std::int64_t offset = 0;
};

/// Where a partition begins if the group has no committed offset for it. The choice is resolved to
/// a number before the first worker starts, and the number is committed at once. Logical offsets
/// are never committed. Kafka: auto.offset.reset, which has the first two.
using begin_offset = std::variant<earliest, latest, since, at_offset>;

} // namespace ottla::kafka
