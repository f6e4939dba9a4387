#pragma once

#include <ottla/kafka/internal/driver/events.hpp>

#include <librdkafka/rdkafka.h>

#include <cstdint>

namespace ottla::kafka {

/// Returns the generation of this member; -1 if the consumer is not in a group. Takes a few
/// microseconds.
std::int32_t generation_of(rd_kafka_t* consumer);

/// The rebalance protocol that the group's members agreed on.
rebalance_protocol protocol_of(rd_kafka_t* consumer);

/// Whether the consumer is configured for cooperative rebalances. The consumer need not have
/// joined.
bool wants_cooperation(rd_kafka_t* consumer);

/// Whether the consumer is a static member, which keeps its membership when it closes.
bool is_static(rd_kafka_t* consumer);

/// Whether the consumer currently has a member id.
bool has_joined(rd_kafka_t* consumer);

} // namespace ottla::kafka
