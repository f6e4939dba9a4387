#include <ottla/kafka/internal/groupless/kept_offsets.hpp>

#include <algorithm>

namespace ottla::kafka {

std::optional<kept_offsets::kept> kept_offsets::find(const topic_partition& which) const {
  const std::lock_guard lock{guard_};
  const auto found = entries_.find(which);
  return found == entries_.end() ? std::nullopt : std::optional{found->second.offsets};
}

void kept_offsets::begin(const topic_partition& which, std::uint64_t assignment,
                         std::int64_t offset) {
  const std::lock_guard lock{guard_};
  auto& one = entries_[which];
  if (assignment < one.assignment)
    return;
  one.assignment = assignment;
  one.offsets.next = offset;
}

void kept_offsets::acknowledge(const topic_partition& which, std::uint64_t assignment,
                               std::int64_t next) {
  const std::lock_guard lock{guard_};
  const auto found = entries_.find(which);
  if (found != entries_.end() && found->second.assignment == assignment)
    found->second.offsets.next = std::max(found->second.offsets.next, next);
}

void kept_offsets::store(const topic_partition& which, std::int64_t next) {
  const std::lock_guard lock{guard_};
  if (const auto found = entries_.find(which); found != entries_.end())
    found->second.offsets.stored = next;
}

void kept_offsets::see(const std::set<std::int32_t>& partitions) {
  const std::lock_guard lock{guard_};
  if (!first_seen_)
    first_seen_ = partitions;
}

bool kept_offsets::is_newer(std::int32_t partition) const {
  const std::lock_guard lock{guard_};
  return first_seen_ && !first_seen_->contains(partition);
}

} // namespace ottla::kafka
