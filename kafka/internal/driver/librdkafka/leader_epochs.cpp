#include <ottla/kafka/internal/driver/librdkafka/leader_epochs.hpp>

#include <cstddef>

namespace ottla::kafka {

namespace {

/// Upper bound for each partition. Leaders change rarely, and a commit needs only the epochs of
/// recently read records.
constexpr std::size_t most_entries = 16;

} // namespace

void leader_epochs::forget(const topic_partition& of) {
  const std::scoped_lock guard{lock_};
  known_.erase(of);
}

void leader_epochs::note(const topic_partition& of, std::int64_t offset, std::int32_t epoch) {
  if (epoch < 0)
    return;
  const std::scoped_lock guard{lock_};
  auto& known = known_[of];
  while (!known.empty() && known.back().from >= offset)
    known.pop_back();
  if (!known.empty() && known.back().epoch == epoch)
    return;
  known.push_back({offset, epoch});
  if (known.size() > most_entries)
    known.erase(known.begin());
}

std::int32_t leader_epochs::before(const topic_partition& of, std::int64_t next) const {
  const std::scoped_lock guard{lock_};
  return find(of, next);
}

bool leader_epochs::may_be_lost(const topic_partition& of, std::int64_t next) const {
  const std::scoped_lock guard{lock_};
  const auto epoch = find(of, next);
  return epoch != unknown && known_.at(of).back().epoch != epoch;
}

void leader_epochs::lost(const topic_partition& of, std::int64_t next) {
  const std::scoped_lock guard{lock_};
  if (const auto epoch = find(of, next); epoch != unknown)
    lost_[of] = {next, epoch};
}

bool leader_epochs::is_lost(const topic_partition& of, std::int64_t next,
                            std::int32_t epoch) const {
  const std::scoped_lock guard{lock_};
  const auto found = lost_.find(of);
  return found != lost_.end() && found->second.from == next && found->second.epoch == epoch;
}

std::int32_t leader_epochs::find(const topic_partition& of, std::int64_t next) const {
  const auto found = known_.find(of);
  if (found == known_.end())
    return unknown;
  const auto& known = found->second;
  for (auto entry = known.rbegin(); entry != known.rend(); ++entry)
    if (entry->from < next)
      return entry->epoch;
  return unknown;
}

} // namespace ottla::kafka
