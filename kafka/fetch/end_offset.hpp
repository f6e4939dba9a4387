#pragma once

#include <ottla/kafka/consumer/begin_offset.hpp>
#include <ottla/kafka/saturating_time.hpp>

#include <cstdint>
#include <variant>

namespace ottla::kafka {

/// Records before the first record whose timestamp is not before `when`. All records that the log
/// has now, if no record is that new.
struct before {
  saturating_time when = {};
};

/// Records whose offset is lower than `offset`.
struct below {
  std::int64_t offset = 0;
};

/// Where a stream ends. A stream always ends at the latest at the end that the log has when the
/// stream is opened. With read_committed, that end is the first record of the oldest open
/// transaction.
using end_offset = std::variant<latest, before, below>;

} // namespace ottla::kafka
