#pragma once

#include <ottla/kafka/internal/driver/librdkafka/topic_starts.hpp>
#include <ottla/kafka/internal/driver/offset_reset.hpp>

#include <librdkafka/rdkafka.h>

#include <map>
#include <span>
#include <string>
#include <variant>

namespace ottla::kafka {

/// Returns the offsets that the group of `member` has committed, in the order of `partitions`. Sets
/// only `committed` and `epoch`. Each partition has its own error. Sends one request. Adds the
/// partition counts from the commits' metadata to `starts`. Blocks.
std::vector<std::variant<group_state, error>>
committed_offsets_of(rd_kafka_t* member, std::span<const topic_partition> partitions,
                     topic_starts& starts);

/// Returns the number of partitions that each topic had when the group began to consume the topic.
/// The number is 0 if unknown. `partitions` holds the current number for each topic. Omits a topic
/// without commits of the group, and notes in `starts` that the group begins to consume this topic
/// now. Requests the group's offsets of all partitions. Blocks.
std::variant<std::map<std::string, std::int32_t>, error>
first_partitions_of(rd_kafka_t* member, const std::map<std::string, std::int32_t>& partitions,
                    topic_starts& starts);

} // namespace ottla::kafka
