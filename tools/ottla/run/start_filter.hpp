#pragma once

#include <ottla/kafka/consumer/consumer.hpp>
#include <ottla/kafka/message.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include "run/topic_reader.hpp"
#include "text/offset_text.hpp"

#include <set>

namespace command {

/// Where each partition begins when a topic is followed, also if `--from` is beyond the end of the
/// log: Kafka rejects such an offset, so the consumer begins at the end, and the filter drops the
/// records before `--from`.
///
/// Thread safety: none.
class start_filter {
public:
  /// Admits every record.
  start_filter() = default;
  /// `ends` are the ends of the partitions at the start. Other partitions are newer, and all of
  /// their records are admitted.
  start_filter(start_offset from, const partition_offsets& ends);

  /// Call for each record of a partition in the order of the offsets.
  bool admits(const ottla::kafka::message& what, const ottla::kafka::topic_partition& from);

private:
  start_offset from_ = ottla::kafka::earliest{};
  /// Partitions whose first wanted record has not arrived.
  std::set<std::int32_t> before_start_;
};

/// Where a consumer must begin so that the filter gets each record that it admits.
ottla::kafka::begin_offset first_offset(const start_offset& from, const partition_offsets& ends,
                                        std::int32_t partition);

} // namespace command
