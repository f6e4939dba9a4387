#include <ottla/kafka/internal/group/hook_ledger.hpp>

namespace ottla::kafka {

bool hook_ledger::has_seen(const topic_partition& where, std::uint64_t number) const {
  const std::lock_guard lock{guard_};
  const auto found = open_.find(where);
  return found != open_.end() && found->second == number;
}

void hook_ledger::note_seen(const topic_partition& where, std::uint64_t number) {
  const std::lock_guard lock{guard_};
  open_[where] = number;
}

std::vector<topic_partition> hook_ledger::take_ended(std::span<const topic_partition> partitions) {
  std::vector<topic_partition> ended;
  const std::lock_guard lock{guard_};
  for (const auto& where : partitions)
    if (open_.erase(where) != 0)
      ended.push_back(where);
  return ended;
}

std::vector<topic_partition> hook_ledger::take_all_but(const std::set<std::uint64_t>& current) {
  std::vector<topic_partition> ended;
  const std::lock_guard lock{guard_};
  for (auto one = open_.begin(); one != open_.end();)
    if (current.contains(one->second)) {
      ++one;
    } else {
      ended.push_back(one->first);
      one = open_.erase(one);
    }
  return ended;
}

} // namespace ottla::kafka
