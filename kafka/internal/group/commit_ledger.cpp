#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/internal/group/commit_ledger.hpp>

#include <algorithm>
#include <utility>

namespace ottla::kafka {

void commit_ledger::begin(const beginning& from) {
  const bool is_committed = from.offset == from.committed;
  partitions_[from.at] = {.next = is_committed ? from.offset : -1,
                          .is_committed = is_committed,
                          .beginning = from.offset};
  has_new_beginnings_ = has_new_beginnings_ || !is_committed;
}

void commit_ledger::reset() {
  partitions_.clear();
  pending_.reset();
  has_new_beginnings_ = false;
}

bool commit_ledger::take_new_beginnings() noexcept {
  return std::exchange(has_new_beginnings_, false);
}

std::vector<position> commit_ledger::uncommitted(const std::vector<position>& acknowledged) const {
  std::vector<position> due;
  for (const auto& each : acknowledged) {
    const auto known = partitions_.find(each.at);
    if (known != partitions_.end() && each.offset > known->second.next)
      due.push_back(each);
  }
  return due;
}

void commit_ledger::answered(token commit) noexcept {
  if (pending_ == commit)
    pending_.reset();
}

bool commit_ledger::take_turn(std::chrono::nanoseconds now) noexcept {
  if (now < next_turn_ || is_pending())
    return false;
  next_turn_ = saturating_add(now, interval_);
  return true;
}

void commit_ledger::confirm(const position& stored) {
  const auto known = partitions_.find(stored.at);
  if (known == partitions_.end())
    return;
  known->second.next = stored.offset;
  known->second.is_committed = true;
}

std::int64_t commit_ledger::unconfirmed(const topic_partition& of,
                                        std::int64_t acknowledged) const {
  const auto known = partitions_.find(of);
  if (known == partitions_.end())
    return 0;
  const auto confirmed = std::max(known->second.next, known->second.beginning);
  return std::max<std::int64_t>(acknowledged - confirmed, 0);
}

std::vector<position> commit_ledger::confirmed() const {
  std::vector<position> all;
  for (const auto& [where, each] : partitions_)
    if (each.is_committed)
      all.push_back({where, each.next});
  return all;
}

} // namespace ottla::kafka
