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

/// Whether a commit that is refused while it joins can cost it its partitions (librdkafka#4908, up
/// to 2.9, of cooperative members).
bool commits_can_cost_partitions(rd_kafka_t* consumer);

/// Whether this, told with an assignment, is a generation that librdkafka has forgotten, see
/// keep_by_joining.
bool is_forgotten(std::int32_t generation);

/// Has a cooperative member join again as soon as its assignment is answered. Call while the
/// assignment waits for that. False: librdkafka refuses.
///
/// Up to 2.9 librdkafka forgets its generation when a commit of an older one is refused while it
/// joins (librdkafka#4908). The next heartbeat or commit would cost the member all its partitions.
/// Joining gives it a generation and costs it nothing.
bool keep_by_joining(rd_kafka_t* consumer);

} // namespace ottla::kafka
