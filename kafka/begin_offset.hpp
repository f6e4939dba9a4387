#pragma once

#include <ottla/kafka/saturating_time.hpp>

#include <cstdint>
#include <variant>

namespace ottla::kafka {

/// The oldest record the partition still holds.
struct earliest {};

/// Only what is produced from the moment of resolving on. Records of a transaction that is open
/// then are still to come, unless `isolation.level` is read_uncommitted.
///
/// In group_consumer::begin it holds for the partitions that a topic has when the group begins to
/// consume it. A partition or topic that is added later is read from its earliest record. A group's
/// committed offsets carry the number of partitions it began with, as their metadata. A group that
/// has committed offsets without that number, as other clients do, counts each partition without a
/// committed offset as added later.
struct latest {};

/// The first record whose timestamp is not before `when`; the end where there is none. All records
/// where `when` is before 1970.
struct since {
  saturating_time when = {};
};

/// That record. Where it is not in the log, group_consumer::when_missing says where instead.
struct at_offset {
  std::int64_t offset = 0;
};

/// Where a partition is begun for which the group has committed nothing. Resolved to a number
/// before the first worker starts, and committed at once. No logical offset is ever committed.
/// Kafka: auto.offset.reset, which knows the first two.
using begin_offset = std::variant<earliest, latest, since, at_offset>;

} // namespace ottla::kafka
