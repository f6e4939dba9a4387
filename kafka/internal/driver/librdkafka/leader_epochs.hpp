#pragma once

#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

namespace ottla::kafka {

/// Leader epochs of the records of one connection (KIP-320). Each new leader of a partition begins
/// a new epoch. A record has the epoch in which it was written. With each offset, a group commits
/// the epoch of the last acknowledged record. A log that lost that record, or was recreated, has
/// another epoch at the same offset.
///
/// Epochs belong to logs, so all members of a connection share this object.
///
/// Thread safety: call from any thread.
class leader_epochs {
public:
  static constexpr std::int32_t unknown = -1;

  /// Drops all notes on the partition's records. Call before a member begins to read the partition,
  /// because the topic may have been recreated.
  void forget(const topic_partition& of);

  /// Notes that the records from `offset` on have this epoch. Replaces earlier notes on `offset`
  /// and on later records. Does nothing if the epoch is unknown.
  void note(const topic_partition& of, std::int64_t offset, std::int32_t epoch);

  /// Returns the epoch of the record before `next`, or `unknown`.
  std::int32_t before(const topic_partition& of, std::int64_t next) const;

  /// Whether the partition had a new leader since the record before `next` was written. A log can
  /// only lose records when its leader changes.
  bool may_be_lost(const topic_partition& of, std::int64_t next) const;

  /// A broker reports that the log lost the record before `next`.
  void lost(const topic_partition& of, std::int64_t next);

  /// Whether lost() was called for `next` while the record before `next` had this epoch.
  bool is_lost(const topic_partition& of, std::int64_t next, std::int32_t epoch) const;

private:
  struct entry {
    std::int64_t from = 0;
    std::int32_t epoch = unknown;
  };

  std::int32_t find(const topic_partition& of, std::int64_t next) const;

  mutable std::mutex lock_;
  /// Ascending by offset. Each entry begins a new epoch.
  std::map<topic_partition, std::vector<entry>> known_;
  /// The last offset that lost() was called for, and the epoch of the record before it.
  std::map<topic_partition, entry> lost_;
};

} // namespace ottla::kafka
