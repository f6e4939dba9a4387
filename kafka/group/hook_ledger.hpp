#pragma once

#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <span>
#include <vector>

namespace ottla::kafka {

/// Which assignments the program's hooks were told of, so that each is told once of its beginning
/// and once of its end, whoever crashes in between. An assignment is told apart by its number.
///
/// Thread safety: call from any thread.
class hook_ledger {
public:
  bool is_told(const topic_partition& where, std::uint64_t number) const;
  void told(const topic_partition& where, std::uint64_t number);

  /// Of these partitions those whose hook was told of the beginning; they count as ended from now
  /// on.
  std::vector<topic_partition> take_ended(std::span<const topic_partition> partitions);

  /// Likewise all whose number is not among `current`.
  std::vector<topic_partition> take_all_but(const std::set<std::uint64_t>& current);

private:
  mutable std::mutex guard_;
  std::map<topic_partition, std::uint64_t> open_;
};

} // namespace ottla::kafka
