#pragma once

#include <ottla/kafka/internal/driver/librdkafka/topic_starts.hpp>
#include <ottla/kafka/internal/driver/offset_reset.hpp>

#include <librdkafka/rdkafka.h>

#include <map>
#include <span>
#include <string>
#include <variant>

namespace ottla::kafka {

/// The offsets that the group of `member` has committed for these partitions, in their order. Only
/// `committed` and `epoch` are set. Each partition has its own failure. Sends one request. Notes in
/// `starts` what the commits' metadata says. Blocks.
std::vector<std::variant<group_state, error>>
committed_offsets_of(rd_kafka_t* member, std::span<const topic_partition> partitions,
                     topic_starts& starts);

/// How many partitions each topic had when the group began to consume the topic. `partitions` holds
/// the present number for each topic. Leaves out topics of which the group has committed nothing,
/// and notes in `starts` that the group begins them now. Asks for the group's offsets of all
/// partitions. Blocks.
std::variant<std::map<std::string, std::int32_t>, error>
first_partitions_of(rd_kafka_t* member, const std::map<std::string, std::int32_t>& partitions,
                    topic_starts& starts);

} // namespace ottla::kafka
