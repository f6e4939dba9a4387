#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <span>

namespace ottla::kafka {

/// Decides when a replaced worker counts as healthy again. Time alone is not enough, since a
/// handler may need a minute to fail at the same message again. So the acknowledged offset of the
/// partition that the worker failed at must advance. A worker without messages cannot acknowledge.
/// Such a worker is healthy when it has been idle for a while and no message is unacknowledged.
///
/// Times count from any fixed point.
class worker_recovery {
public:
  /// Progress of one of the worker's partitions, at one time.
  struct snapshot {
    /// Number of this assignment of the partition.
    std::uint64_t number = 0;
    std::int64_t acknowledged = 0;
    /// Number of batches that were taken.
    std::uint64_t batches = 0;
    bool in_hand = false;
    /// Number of offsets that are delivered and not acknowledged.
    std::int64_t unacknowledged = 0;
  };

  /// The worker failed or hung. Each partition whose batch was being handled must advance its
  /// acknowledged offset. If no batch was being handled, one of the partitions must advance.
  void note_failure(std::span<const snapshot> partitions);

  /// The worker failed and is not healthy again.
  bool is_pending() const noexcept { return !all_of_.empty() || !any_of_.empty(); }

  /// Returns true once, when the worker is healthy again. Call this regularly, and before
  /// note_failure().
  bool recovers(std::span<const snapshot> partitions, std::chrono::nanoseconds now,
                std::chrono::nanoseconds idle_for);

private:
  /// Acknowledged offsets at the failure, by number of the assignment.
  using positions = std::map<std::uint64_t, std::int64_t>;

  bool is_idle_since(std::span<const snapshot> partitions, std::chrono::nanoseconds now,
                     std::chrono::nanoseconds idle_for);

  positions all_of_;
  positions any_of_;
  std::map<std::uint64_t, std::uint64_t> batches_;
  std::chrono::nanoseconds idle_since_{};
};

} // namespace ottla::kafka
