#pragma once

#include <chrono>
#include <cstdint>
#include <variant>

namespace ottla::kafka {

/// The oldest record the partition still holds.
struct earliest {};

/// Only what is produced from the moment of resolving on.
struct latest {};

/// The first record whose timestamp is not before `when`; the end where there is none.
struct since {
  std::chrono::system_clock::time_point when;
};

/// That record. Where it is not in the log, group_consumer::when_missing says where instead.
struct at_offset {
  std::int64_t offset = 0;
};

/// Where a partition is begun for which the group has committed nothing. Resolved to a number
/// before the first worker starts, so no logical offset is ever committed.
/// Kafka: auto.offset.reset, which knows the first two.
using begin_offset = std::variant<earliest, latest, since, at_offset>;

} // namespace ottla::kafka
