#include <ottla/kafka/internal/group/worker_recovery.hpp>

#include <algorithm>
#include <utility>

namespace ottla::kafka {

void worker_recovery::note_failure(std::span<const snapshot> partitions) {
  bool had_some = false;
  for (const auto& one : partitions)
    if (one.in_hand) {
      all_of_.insert_or_assign(one.number, one.acknowledged);
      had_some = true;
    }
  if (!had_some)
    for (const auto& one : partitions)
      any_of_.insert_or_assign(one.number, one.acknowledged);
  // The next worker counts as idle only after two calls of recovers().
  batches_.clear();
}

bool worker_recovery::recovers(std::span<const snapshot> partitions, std::chrono::nanoseconds now,
                               std::chrono::nanoseconds idle_for) {
  if (!is_pending())
    return false;
  const auto state_of = [&](std::uint64_t number) {
    return std::ranges::find(partitions, number, &snapshot::number);
  };
  const auto is_further = [&](const auto& position) {
    const auto found = state_of(position.first);
    return found != partitions.end() && found->acknowledged > position.second;
  };
  const auto is_gone
    = [&](const auto& position) { return state_of(position.first) == partitions.end(); };
  const bool idle = is_idle_since(partitions, now, idle_for);
  std::erase_if(all_of_, [&](const auto& one) { return is_gone(one) || is_further(one); });
  if (std::ranges::any_of(any_of_, is_further) || std::ranges::all_of(any_of_, is_gone))
    any_of_.clear();
  if (idle) {
    all_of_.clear();
    any_of_.clear();
  }
  return !is_pending();
}

bool worker_recovery::is_idle_since(std::span<const snapshot> partitions,
                                    std::chrono::nanoseconds now,
                                    std::chrono::nanoseconds idle_for) {
  std::map<std::uint64_t, std::uint64_t> batches;
  bool has_work = false;
  for (const auto& one : partitions) {
    batches.emplace(one.number, one.batches);
    has_work = has_work || one.in_hand || one.unacknowledged > 0;
  }
  if (has_work || batches != batches_) {
    batches_ = std::move(batches);
    idle_since_ = now;
    return false;
  }
  return now - idle_since_ >= idle_for;
}

} // namespace ottla::kafka
