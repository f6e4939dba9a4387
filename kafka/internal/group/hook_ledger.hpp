#pragma once

#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <span>
#include <vector>

namespace ottla::kafka {

/// Remembers for which assignments the program's hooks were called. So the hooks get each beginning
/// and each end once, even if processes crash in between. Each assignment has a number of its own.
///
/// Thread safety: call from any thread.
class hook_ledger {
public:
  bool has_seen(const topic_partition& where, std::uint64_t number) const;
  void note_seen(const topic_partition& where, std::uint64_t number);

  /// Returns those of these partitions whose beginning the hook got. They count as ended from now
  /// on.
  std::vector<topic_partition> take_ended(std::span<const topic_partition> partitions);

  /// Likewise for all partitions whose number is not in `current`.
  std::vector<topic_partition> take_all_but(const std::set<std::uint64_t>& current);

private:
  mutable std::mutex guard_;
  std::map<topic_partition, std::uint64_t> open_;
};

} // namespace ottla::kafka
