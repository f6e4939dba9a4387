#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace ottla::kafka {

/// Decides when a producer sends urgent batches (group commit). Batches that are handed over to
/// librdkafka join the next group. The next group is due when the group before is reported, or
/// after `longest_turn`. Callers that wait for their reports produce again at the same time, so a
/// group also waits until it is as large as the group before.
///
/// Thread safety: none. Times are handed in.
class urgent_groups {
public:
  using time = std::chrono::steady_clock::time_point;
  /// The number of a group. Numbers begin with 1 and increase.
  using group = std::uint64_t;

  /// How long a group waits for the reports of the group before, whose brokers may be slower.
  static constexpr std::chrono::milliseconds longest_turn{5};
  /// How long a group waits for more batches.
  static constexpr std::chrono::microseconds longest_gathering{200};
  /// The pause before an unreported group is flushed again, and its limit after each doubling. The
  /// records may be in flight already, or the broker may be away.
  static constexpr std::chrono::milliseconds first_pause{2};
  static constexpr std::chrono::milliseconds longest_pause{100};

  /// The group that a batch joins now.
  group next() const noexcept { return last_ + 1; }
  /// A batch joins the next group.
  void add(time now) noexcept;
  /// A batch of this group is reported.
  void note_report(group of) noexcept;

  /// When to flush; time::max() if no batch needs a flush. `is_gathering` if further batches are
  /// being handed over.
  time next_flush(bool is_gathering) const noexcept;
  /// The next group is flushed now, or unreported groups again.
  void note_flush(time now) noexcept;

private:
  group last_ = 0;
  std::size_t in_last_ = 0;
  std::size_t in_next_ = 0;
  /// Unreported batches of all groups.
  std::size_t pending_ = 0;
  std::size_t size_of_last_ = 0;
  time next_began_at_ = {};
  time flushed_at_ = {};
  std::chrono::milliseconds pause_ = first_pause;
};

} // namespace ottla::kafka
