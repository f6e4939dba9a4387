#pragma once

#include <ottla/kafka/topic_partition.hpp>

#include <librdkafka/rdkafka.h>

#include <cstdint>

namespace ottla::kafka {

// Access to the leader epochs in librdkafka's types. Before librdkafka 2.3, all epochs are
// leader_epochs::unknown, and set_leader_epoch() has no effect.

std::int32_t leader_epoch_of(const rd_kafka_message_t& message);

/// For a committed offset, returns the epoch of the record before the offset. For a looked-up
/// offset, returns the epoch of the record at the offset.
std::int32_t leader_epoch_of(const rd_kafka_topic_partition_t& position);

void set_leader_epoch(rd_kafka_topic_partition_list_t* list, const topic_partition& of,
                      std::int32_t epoch);

/// Whether `message` reports that a log has lost records which the consumer has already read.
bool reports_lost_records(const rd_kafka_message_t& message);

} // namespace ottla::kafka
