#pragma once

#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <span>
#include <vector>

namespace ottla::kafka {

/// Remembers which assignments the program's hooks have seen. The hooks see the start and the end
/// of each assignment once, even if processes crash between the two. Each assignment has its own
/// number.
///
/// Thread safety: call from any thread.
class hook_ledger {
public:
  bool has_seen(const topic_partition& where, std::uint64_t number) const;
  void note_seen(const topic_partition& where, std::uint64_t number);

  /// Removes and returns the given partitions whose assignments the hooks have seen.
  std::vector<topic_partition> take_ended(std::span<const topic_partition> partitions);

  /// Removes and returns all partitions whose assignment number is not in `current`.
  std::vector<topic_partition> take_all_but(const std::set<std::uint64_t>& current);

private:
  mutable std::mutex guard_;
  std::map<topic_partition, std::uint64_t> open_;
};

} // namespace ottla::kafka
