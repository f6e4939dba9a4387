#pragma once

#include <ottla/actors/directory.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <shared_mutex>
#include <string_view>

namespace ottla {

/// The partition of a key. For a number, the remainder, as in Elixir's PartitionSupervisor. For any
/// other key, the remainder of its 64-bit FNV-1a hash, which is the same in every program.
std::size_t partition_of(std::string_view key, std::size_t partitions);

/// Resolves a key to the process of its partition. The process of a partition holds the partition's
/// number as its name.
///
/// Thread safety: call from any thread.
class partition_directory : public directory {
public:
  /// How many partitions the keys are spread over.
  void spread_over(std::size_t partitions);
  std::size_t partitions() const;

  /// The process of the key's partition; null while it has none.
  caf::actor whereis(std::string_view key) const override;
  caf::actor claim(std::string_view partition, const caf::actor& who) override;
  void release(std::string_view partition, const caf::actor_addr& who) override;

private:
  mutable std::shared_mutex guard_;
  std::size_t partitions_ = 1;
  std::map<std::uint64_t, caf::actor_addr> processes_;
};

} // namespace ottla
