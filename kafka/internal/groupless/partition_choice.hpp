#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace ottla::kafka {

/// The partitions that a consumer without a group reads.
struct partition_choice {
  std::set<std::int32_t> wanted;
  /// Listed partitions that do not exist, in the order of the list.
  std::vector<std::int32_t> missing;
};

/// Chooses the listed partitions of a topic with `count` partitions, or all partitions if the list
/// is empty.
partition_choice choose_partitions(const std::vector<std::int32_t>& listed, std::int32_t count);

/// The text of a fault in `health`: `partition 7 does not exist: the topic has 4 partitions`. Empty
/// if no partition is missing.
std::string text_of_missing(const partition_choice& choice, std::int32_t count);

} // namespace ottla::kafka
