#pragma once

#include <ottla/actors/directory.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <shared_mutex>
#include <string_view>

namespace ottla {

/// The partition of a key. A number's partition is its remainder, as in Elixir's
/// PartitionSupervisor. Any other key's partition is the remainder of its 64-bit FNV-1a hash, which
/// is the same in every program.
std::size_t partition_of(std::string_view key, std::size_t partitions);

/// Resolves a key to the process of its partition. Each process claims its partition's number as
/// its name.
///
/// Thread safety: call from any thread.
class partition_directory : public directory {
public:
  /// Sets the number of partitions.
  void spread_over(std::size_t partitions);
  std::size_t partitions() const;

  /// The process of the key's partition. Null while the partition has no process.
  caf::actor whereis(std::string_view key) const override;
  caf::actor claim(std::string_view partition, const caf::actor& who) override;
  void release(std::string_view partition, const caf::actor_addr& who) override;

private:
  mutable std::shared_mutex guard_;
  std::size_t partitions_ = 1;
  std::map<std::uint64_t, caf::actor_addr> processes_;
};

} // namespace ottla
