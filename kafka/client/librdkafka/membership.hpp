#pragma once

#include <ottla/kafka/client/events.hpp>

#include <librdkafka/rdkafka.h>

#include <cstdint>

namespace ottla::kafka {

/// The group's generation as this member knows it; -1 outside of a group. Takes some microseconds.
std::int32_t generation_of(rd_kafka_t* consumer);

/// How the group's members agreed to hand partitions over.
rebalance_protocol protocol_of(rd_kafka_t* consumer);

/// Whether it is set up for cooperative rebalances, joined or not.
bool wants_cooperation(rd_kafka_t* consumer);

/// Whether it is a static member, which keeps its membership when it closes.
bool is_static(rd_kafka_t* consumer);

/// Whether a coordinator knows it at present.
bool has_joined(rd_kafka_t* consumer);

} // namespace ottla::kafka
