#pragma once

#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

namespace ottla::kafka {

/// The leader epochs of records (KIP-320), as far as a connection knows them. Each new leader of a
/// partition begins a new epoch, and a record has the epoch in which it was written. A group
/// commits the epoch of the last acknowledged record with its offset. A log that lost that record,
/// or was created again, has another epoch there.
///
/// Epochs are facts about logs, so all members of a connection share them.
///
/// Thread safety: call from any thread.
class leader_epochs {
public:
  static constexpr std::int32_t unknown = -1;

  /// Forgets what was noted about the partition's records. Call before a member begins to read the
  /// partition, since another log may have its name by now.
  void forget(const topic_partition& of);

  /// The records from `offset` on have this epoch, until a later call says otherwise. Overrides
  /// what was noted for `offset` and for later records. Notes nothing if the epoch is unknown.
  void note(const topic_partition& of, std::int64_t offset, std::int32_t epoch);

  /// The epoch of the record before `next`.
  std::int32_t before(const topic_partition& of, std::int64_t next) const;

  /// Whether the partition had a new leader since the record before `next` was written. A log can
  /// only lose records when its leader changes.
  bool may_be_lost(const topic_partition& of, std::int64_t next) const;

  /// A broker reports that the log lost the record before `next`.
  void lost(const topic_partition& of, std::int64_t next);

  /// Whether lost() was called for `next` while the record before it had this epoch.
  bool is_lost(const topic_partition& of, std::int64_t next, std::int32_t epoch) const;

private:
  struct entry {
    std::int64_t from = 0;
    std::int32_t epoch = unknown;
  };

  std::int32_t find(const topic_partition& of, std::int64_t next) const;

  mutable std::mutex lock_;
  /// By offset, ascending, with a new epoch in each entry.
  std::map<topic_partition, std::vector<entry>> known_;
  /// The last offset that lost() was called for, and the epoch of the record before it.
  std::map<topic_partition, entry> lost_;
};

} // namespace ottla::kafka
