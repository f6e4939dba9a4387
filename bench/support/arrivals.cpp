#include "support/arrivals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace bench {

void arrivals::note(std::int32_t partition) {
  const std::lock_guard lock{mutex_};
  if (first_.try_emplace(partition, clock::now()).second)
    changed_.notify_all();
}

arrivals::clock::time_point arrivals::await(std::size_t count, std::chrono::seconds within) {
  std::unique_lock lock{mutex_};
  if (!changed_.wait_for(lock, within, [&] { return first_.size() >= count; }))
    throw std::runtime_error{
      fmt::format("messages arrived from {} partitions, expected {}", first_.size(), count)};
  std::vector<clock::time_point> times;
  for (const auto& [partition, when] : first_)
    times.push_back(when);
  std::ranges::sort(times);
  return times.at(count - 1);
}

} // namespace bench
