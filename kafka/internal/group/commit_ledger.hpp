#pragma once

#include <ottla/kafka/internal/driver/events.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace ottla::kafka {

/// Tracks the committed offsets of a member's partitions. Decides which offsets the member commits,
/// and when.
///
/// At most one regular commit is pending. The last commit of a revoke is not a regular commit, and
/// may be pending at the same time.
///
/// Times count from any fixed point. Thread safety: none.
class commit_ledger {
public:
  /// `interval`: time between two regular commits.
  explicit commit_ledger(std::chrono::nanoseconds interval) noexcept : interval_{interval} {}

  /// Adds an assigned partition. If the group has not committed the partition's first offset, this
  /// offset needs a commit too. Without the commit, the next owner would begin at another offset if
  /// the group begins at the end of the log. The next owner would also not report messages that
  /// retention deletes before the first commit.
  void begin(const beginning& from);

  /// Removes a partition that is revoked or lost.
  void end(const topic_partition& which) { partitions_.erase(which); }

  /// Removes all partitions and the pending commit, because the Kafka handle has ended.
  void reset();

  /// True once after begin() of a partition whose first offset needs a commit.
  bool take_new_beginnings() noexcept;

  /// Returns the acknowledged positions that the group has not committed.
  std::vector<position> uncommitted(const std::vector<position>& acknowledged) const;

  /// Notes that a regular commit was sent. It is pending until answered() gets its token.
  void sent(token regular) noexcept { pending_ = regular; }
  void answered(token commit) noexcept;
  bool is_pending() const noexcept { return pending_.has_value(); }

  /// True if a regular commit is due at `now`. If true, the next commit is due one interval later.
  bool take_turn(std::chrono::nanoseconds now) noexcept;

  /// Notes that the group stored this position. Ignores a partition that was removed.
  void confirm(const position& stored);

  /// Number of the partition's acknowledged offsets that are not confirmed as committed. An upper
  /// bound of the messages, since some offsets hold no message.
  std::int64_t unconfirmed(const topic_partition& of, std::int64_t acknowledged) const;

  /// The confirmed committed offset of each partition.
  std::vector<position> confirmed() const;

private:
  struct entry {
    /// An acknowledged position above this needs a commit. -1 if the first offset needs a commit.
    std::int64_t next = 0;
    /// Some member has committed `next`.
    bool is_committed = false;
    /// The first offset that the partition delivers.
    std::int64_t beginning = 0;
  };

  std::chrono::nanoseconds interval_;
  std::chrono::nanoseconds next_turn_{};
  std::map<topic_partition, entry> partitions_;
  std::optional<token> pending_;
  bool has_new_beginnings_ = false;
};

} // namespace ottla::kafka
