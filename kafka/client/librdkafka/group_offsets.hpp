#pragma once

#include <ottla/kafka/client/first_offset.hpp>
#include <ottla/kafka/client/librdkafka/topic_starts.hpp>

#include <librdkafka/rdkafka.h>

#include <map>
#include <span>
#include <string>
#include <variant>

namespace ottla::kafka {

/// What the group of `member` has committed of these partitions, in their order, each with its own
/// failure. One request. Notes what the commits tell about the starts of topics. Blocks.
std::vector<std::variant<std::int64_t, error>>
committed_offsets_of(rd_kafka_t* member, std::span<const topic_partition> partitions,
                     topic_starts& starts);

/// With how many partitions the group began each of these topics, `partitions` of which there are
/// now; a topic that the group has committed nothing of is left out. Asks for the group's offsets
/// of all partitions. Blocks.
std::variant<std::map<std::string, std::int32_t>, error>
first_partitions_of(rd_kafka_t* member, const std::map<std::string, std::int32_t>& partitions,
                    topic_starts& starts);

} // namespace ottla::kafka
