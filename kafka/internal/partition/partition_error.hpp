#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <utility>

namespace ottla::kafka {

/// Puts the partition in front of the text, as in `timed_out: orders/3: …text…`. Kafka's errors of
/// one partition do not name the partition.
inline error partition_error(const topic_partition& where, error what) {
  what.text = to_string(where) + ": " + what.text;
  return what;
}

} // namespace ottla::kafka
