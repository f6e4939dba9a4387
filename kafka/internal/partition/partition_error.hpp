#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <utility>

namespace ottla::kafka {

/// `timed_out: orders/3: …text…`. What Kafka tells of one partition does not name it.
inline error partition_error(const topic_partition& where, error what) {
  what.text = to_string(where) + ": " + what.text;
  return what;
}

} // namespace ottla::kafka
