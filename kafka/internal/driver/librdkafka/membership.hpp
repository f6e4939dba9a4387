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

/// Whether a commit that is rejected during a join can cost the member its partitions. True for
/// cooperative members with librdkafka up to 2.9 (librdkafka#4908).
bool commits_can_cost_partitions(rd_kafka_t* consumer);

/// Whether the generation of an assignment event shows that librdkafka has forgotten the member's
/// generation, see keep_by_joining.
bool is_forgotten(std::int32_t generation);

/// Makes a cooperative member rejoin as soon as its assignment is answered. Call before answering.
/// Returns false if librdkafka rejects the subscription.
///
/// Up to 2.9, librdkafka forgets the member's generation if a commit of an older generation is
/// rejected during a join (librdkafka#4908). The next heartbeat or commit would cost the member all
/// its partitions. Rejoining gives the member a new generation and costs nothing.
bool keep_by_joining(rd_kafka_t* consumer);

} // namespace ottla::kafka
