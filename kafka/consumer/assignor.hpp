#pragma once

#include <cstdint>

namespace ottla::kafka {

/// How the members of a group share its partitions. Kafka: partition.assignment.strategy.
enum class assignor : std::uint8_t { range, round_robin, cooperative_sticky };

} // namespace ottla::kafka
