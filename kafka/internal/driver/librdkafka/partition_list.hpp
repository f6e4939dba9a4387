#pragma once

#include <ottla/kafka/internal/driver/events.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <librdkafka/rdkafka.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Destroy a list right after the call that uses the list. For example, rd_kafka_destroy waits
/// forever while a list that was passed to a seek exists.
using partition_list
  = owned<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy>;

partition_list make_partition_list(std::span<const topic_partition> partitions);
partition_list make_partition_list(std::span<const position> positions);
partition_list make_partition_list(const topic_partition& at, std::int64_t offset);

/// Does nothing if `metadata` is empty.
void set_metadata(rd_kafka_topic_partition_list_t* list, const topic_partition& of,
                  const std::string& metadata);

std::vector<topic_partition> partitions_of(const rd_kafka_topic_partition_list_t* list);

std::span<const rd_kafka_topic_partition_t>
entries(const rd_kafka_topic_partition_list_t* list) noexcept;

/// Null if the partition is not in the list.
const rd_kafka_topic_partition_t* find(const rd_kafka_topic_partition_list_t* list,
                                       const topic_partition& which);

} // namespace ottla::kafka
