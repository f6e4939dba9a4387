#pragma once

#include <ottla/kafka/consumer/begin_offset.hpp>
#include <ottla/kafka/saturating_time.hpp>

#include <cstdint>
#include <variant>

namespace ottla::kafka {

/// Records before the first record whose timestamp is `when` or later. If there is no such record,
/// all records that the log has when the stream is opened.
struct before {
  saturating_time when = {};
};

/// Records whose offset is lower than `offset`.
struct below {
  std::int64_t offset = 0;
};

/// Where a stream ends. A stream never reads beyond the end that the log has when the stream is
/// opened. With read_committed, an open transaction ends the log: the end is the first record of
/// the oldest open transaction.
using end_offset = std::variant<latest, before, below>;

} // namespace ottla::kafka
