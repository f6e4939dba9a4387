#pragma once

#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>

namespace ottla::kafka {

/// The acknowledged offsets of a consumer without a group. They outlive the consumer's processes,
/// so the next coordinator resumes where the last one ended.
///
/// Each assignment of a partition has a number. Acknowledgements of an older assignment are
/// ignored: a process that hung may report them late.
///
/// Thread safety: call from any thread.
class kept_offsets {
public:
  struct kept {
    /// The first offset that is not acknowledged.
    std::int64_t next = 0;
    /// The offset that the program has stored last; -1 if none.
    std::int64_t stored = -1;
  };

  /// nullopt if the partition was never assigned.
  std::optional<kept> find(const topic_partition& which) const;

  /// An assignment begins at `offset`, which may be below the offset of an earlier assignment.
  void begin(const topic_partition& which, std::uint64_t assignment, std::int64_t offset);
  /// All offsets below `next` are acknowledged.
  void acknowledge(const topic_partition& which, std::uint64_t assignment, std::int64_t next);
  /// The program has stored this offset.
  void store(const topic_partition& which, std::int64_t next);

  /// Notes the partitions of the topic. Only the first call counts.
  void see(const std::set<std::int32_t>& partitions);
  /// Whether the partition was created after the first call of see(), so that all of its records
  /// are newer than the consumer.
  bool is_newer(std::int32_t partition) const;

private:
  struct entry {
    std::uint64_t assignment = 0;
    kept offsets;
  };

  mutable std::mutex guard_;
  std::map<topic_partition, entry> entries_;
  std::optional<std::set<std::int32_t>> first_seen_;
};

} // namespace ottla::kafka
