#pragma once

#include <cstdint>

namespace ottla::kafka {

/// How the members of a group share its partitions. All members must use the same assignor: brokers
/// reject a member that differs. To change the assignor, stop all members first. Kafka:
/// partition.assignment.strategy.
enum class assignor : std::uint8_t {
  /// Divides the partitions of each topic. Topics with equally many partitions are divided in the
  /// same way, so partition 3 of each topic belongs to the same member.
  /// worker_allocation::per_partition needs this assignor.
  range,
  /// Divides the partitions of all topics together, so that the shares are more even.
  round_robin,
  /// Moves as few partitions as possible. A rebalance interrupts only the partitions that move.
  cooperative_sticky,
};

} // namespace ottla::kafka
