#include <ottla/kafka/internal/groupless/partition_choice.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ottla::kafka {

partition_choice choose_partitions(const std::vector<std::int32_t>& listed, std::int32_t count) {
  partition_choice choice;
  if (listed.empty())
    for (std::int32_t partition = 0; partition < count; ++partition)
      choice.wanted.insert(partition);
  for (const auto partition : listed)
    if (partition < count)
      choice.wanted.insert(partition);
    else
      choice.missing.push_back(partition);
  return choice;
}

std::string text_of_missing(const partition_choice& choice, std::int32_t count) {
  if (choice.missing.empty())
    return {};
  const bool is_one = choice.missing.size() == 1;
  return fmt::format("{} {} {} not exist: the topic has {} {}", is_one ? "partition" : "partitions",
                     fmt::join(choice.missing, ", "), is_one ? "does" : "do", count,
                     count == 1 ? "partition" : "partitions");
}

} // namespace ottla::kafka
