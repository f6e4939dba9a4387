#pragma once

#include <ottla/kafka/internal/driver/events.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace ottla::kafka {

/// Knows which offsets the group has committed of a member's partitions. Decides what the member
/// commits, and when.
///
/// The member has one regular commit pending at a time. The last commit before a revoke is not a
/// regular one, and may be pending beside it.
///
/// Times count from any fixed point. Thread safety: none.
class commit_ledger {
public:
  /// `interval`: between two regular commits.
  explicit commit_ledger(std::chrono::nanoseconds interval) noexcept : interval_{interval} {}

  /// A partition is assigned. If the group has not committed its beginning, the beginning is
  /// committed too. Without that commit, a second look-up at the end of the log would find another
  /// offset, and nobody would report what retention deletes before the first message.
  void begin(const beginning& from);

  /// The partition is revoked or lost.
  void end(const topic_partition& which) { partitions_.erase(which); }

  /// The Kafka handle is gone, and with it all partitions and the pending commit.
  void reset();

  /// True once after begin() of a partition whose beginning has to be committed.
  bool take_new_beginnings() noexcept;

  /// Those of the acknowledged positions that the group has not committed.
  std::vector<position> uncommitted(const std::vector<position>& acknowledged) const;

  /// A regular commit was sent, and is pending until answered() with its token.
  void sent(token regular) noexcept { pending_ = regular; }
  void answered(token commit) noexcept;
  bool is_pending() const noexcept { return pending_.has_value(); }

  /// True if a regular commit is due at `now`. The next one is due an interval later then.
  bool take_turn(std::chrono::nanoseconds now) noexcept;

  /// The group stored this position. Ignored if the partition has ended meanwhile.
  void confirm(const position& stored);

  /// How many acknowledged messages of the partition are not confirmed as committed.
  std::int64_t unconfirmed(const topic_partition& of, std::int64_t acknowledged) const;

  /// What the group is known to have committed, by partition.
  std::vector<position> confirmed() const;

private:
  struct entry {
    /// Lower offsets need no commit; -1: the beginning needs one.
    std::int64_t next = 0;
    /// `next` was committed, by any member.
    bool is_committed = false;
    /// The first offset that is delivered.
    std::int64_t beginning = 0;
  };

  std::chrono::nanoseconds interval_;
  std::chrono::nanoseconds next_turn_{};
  std::map<topic_partition, entry> partitions_;
  std::optional<token> pending_;
  bool has_new_beginnings_ = false;
};

} // namespace ottla::kafka
