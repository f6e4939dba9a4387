#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>

namespace ottla::kafka {

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
