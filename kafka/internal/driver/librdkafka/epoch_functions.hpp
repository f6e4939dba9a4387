#pragma once

#include <ottla/kafka/topic_partition.hpp>

#include <librdkafka/rdkafka.h>

#include <cstdint>

namespace ottla::kafka {

// Leader epochs in the types of librdkafka. While librdkafka is older than 2.3, all epochs are
// leader_epochs::unknown, and setting one has no effect.

std::int32_t leader_epoch_of(const rd_kafka_message_t& message);

/// In an answer: the epoch of the record before a committed offset, or that of a looked-up offset.
std::int32_t leader_epoch_of(const rd_kafka_topic_partition_t& position);

void set_leader_epoch(rd_kafka_topic_partition_list_t* list, const topic_partition& of,
                      std::int32_t epoch);

/// Whether this is the error message of a partition whose log lost records that were read before.
bool reports_lost_records(const rd_kafka_message_t& message);

} // namespace ottla::kafka
