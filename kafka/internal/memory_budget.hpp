#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>

namespace ottla::kafka {

/// How many bytes a member of a group may keep: fetched messages, and delivered ones that are not
/// acknowledged.
struct memory_budget {
  /// The budget of a member with few partitions.
  std::size_t least = std::size_t{256} * 1024 * 1024;
  /// For each partition, if that is more than `least` in total. With less, a broker's answer brings
  /// little of each partition, while the work for an answer grows with the number of partitions.
  /// Measured: docs/results/skewed_partitions.md.
  std::size_t each = std::size_t{8} * 1024 * 1024;
  /// Upper limit for any number of partitions. `least` wins if it is larger.
  std::size_t most = std::size_t{2} * 1024 * 1024 * 1024;

  constexpr std::size_t of(std::size_t partitions) const noexcept {
    return std::max(least, std::min(partitions * each, most));
  }
};

/// A fixed budget, or the default.
constexpr memory_budget make_memory_budget(std::optional<std::size_t> fixed) noexcept {
  return fixed ? memory_budget{.least = *fixed, .each = 0} : memory_budget{};
}

} // namespace ottla::kafka
