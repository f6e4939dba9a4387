#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <span>

namespace ottla::kafka {

/// Decides when a worker that was replaced counts as healthy again. Time alone does not tell: a
/// handler may need a minute to fail at the same message once more. So the partition that the
/// worker failed at has to be acknowledged further. A worker without any message to handle cannot
/// acknowledge, and is healthy when it has been idle for a while.
///
/// Times count from any fixed point.
class worker_recovery {
public:
  /// One of the worker's partitions as it is now.
  struct partition_state {
    /// Number of this assignment of the partition.
    std::uint64_t number = 0;
    std::int64_t acknowledged = 0;
    /// How many batches were taken.
    std::uint64_t batches = 0;
    bool in_hand = false;
  };

  /// The worker failed or hung. All partitions that it had in hand must be acknowledged further. If
  /// it had nothing in hand, any of its partitions must be.
  void failed(std::span<const partition_state> partitions);

  /// Failed, and not healthy again.
  bool is_pending() const noexcept { return !all_of_.empty() || !any_of_.empty(); }

  /// True once, when the worker is healthy again. To be called regularly, and before failed().
  bool recovers(std::span<const partition_state> partitions, std::chrono::nanoseconds now,
                std::chrono::nanoseconds idle_for);

private:
  /// Acknowledged offsets at the failure, by number of the assignment.
  using positions = std::map<std::uint64_t, std::int64_t>;

  bool is_idle_since(std::span<const partition_state> partitions, std::chrono::nanoseconds now,
                     std::chrono::nanoseconds idle_for);

  positions all_of_;
  positions any_of_;
  std::map<std::uint64_t, std::uint64_t> batches_;
  std::chrono::nanoseconds idle_since_{};
};

} // namespace ottla::kafka
