#pragma once

#include <ottla/kafka/message.hpp>
#include <ottla/kafka/record.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>

namespace ottla::kafka {

/// A record of a log. Owns its bytes.
struct stored_record : record {
  topic_partition from = {};
  std::int64_t offset = 0;
};

/// Copies a message with its headers and its timestamp.
stored_record copy_of(const message& what, const topic_partition& from);

} // namespace ottla::kafka
