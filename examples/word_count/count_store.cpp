#include "count_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

count_store::count_store(std::string run, std::uint64_t lines)
  : prefix_{std::move(run) + '/'}, lines_{lines} {}

std::string count_store::key_of(std::uint64_t line) const {
  return prefix_ + std::to_string(line);
}

void count_store::begin(const ottla::kafka::assignment& lease) {
  auto& mine = of(lease.where.partition);
  const std::lock_guard lock{mine.guard};
  mine.epoch = std::max(mine.epoch, lease.epoch);
}

void count_store::apply(const ottla::kafka::assignment& lease, ottla::kafka::batch lines) {
  auto& mine = of(lease.where.partition);
  std::uint64_t fresh = 0;
  std::uint64_t bytes = 0;
  {
    const std::lock_guard lock{mine.guard};
    if (lease.epoch < mine.epoch)
      throw std::runtime_error{
        fmt::format("lease {} of {} is over", lease.epoch, to_string(lease.where))};
    for (const auto& message : lines) {
      std::uint64_t line = 0;
      if (!parse(message.key(), line))
        continue;
      if (message.offset() < mine.next_offset || mine.seen[line]) {
        ++mine.redelivered;
        continue;
      }
      mine.seen[line] = true;
      count_words(message.value(), mine.words);
      bytes += bytes_of(message.key(), message.value());
      ++fresh;
    }
    mine.consumed += fresh;
    mine.next_offset = std::max(mine.next_offset, lines.back().offset() + 1);
    mine.unacknowledged.emplace_back(mine.next_offset, mine.consumed);
  }
  bytes_.fetch_add(bytes, std::memory_order_relaxed);
  consumed_.fetch_add(fresh, std::memory_order_relaxed);
  std::function<void()> then;
  {
    const std::lock_guard lock{guard_};
    then = on_progress_;
  }
  if (then)
    then();
}

count_store::totals count_store::sums() const {
  const std::lock_guard lock{guard_};
  totals result{.rebalances = rebalances_};
  for (const auto& [number, one] : partitions_) {
    const std::lock_guard partition_lock{one->guard};
    result.consumed += one->consumed;
    result.acknowledged += one->acknowledged;
    result.redelivered += one->redelivered;
  }
  return result;
}

word_counts count_store::words() const {
  const std::lock_guard lock{guard_};
  word_counts result;
  for (const auto& [number, one] : partitions_) {
    const std::lock_guard partition_lock{one->guard};
    for (const auto& [word, count] : one->words)
      result[word] += count;
  }
  return result;
}

void count_store::on_progress(std::function<void()> then) {
  const std::lock_guard lock{guard_};
  on_progress_ = std::move(then);
}

bool count_store::all_begun() const {
  const std::lock_guard lock{guard_};
  const auto begun = [this](const ottla::kafka::topic_partition& each) {
    const auto found = partitions_.find(each.partition);
    if (found == partitions_.end())
      return false;
    const std::lock_guard partition_lock{found->second->guard};
    return found->second->epoch != 0;
  };
  return !assigned_.empty() && std::ranges::all_of(assigned_, begun);
}

void count_store::assigned(std::int32_t,
                           std::span<const ottla::kafka::topic_partition> partitions) {
  const std::lock_guard lock{guard_};
  ++rebalances_;
  assigned_.assign(partitions.begin(), partitions.end());
}

void count_store::acknowledged(const ottla::kafka::topic_partition& where, std::int64_t next) {
  auto& mine = of(where.partition);
  const std::lock_guard lock{mine.guard};
  while (!mine.unacknowledged.empty() && mine.unacknowledged.front().first <= next) {
    mine.acknowledged = mine.unacknowledged.front().second;
    mine.unacknowledged.pop_front();
  }
}

void count_store::failed(const ottla::kafka::error& what) {
  const std::lock_guard lock{guard_};
  last_failure_ = to_string(what);
}

std::string count_store::last_failure() const {
  const std::lock_guard lock{guard_};
  return last_failure_;
}

count_store::partition_counts& count_store::of(std::int32_t partition) const {
  const std::lock_guard lock{guard_};
  auto& found = partitions_[partition];
  if (!found) {
    found = std::make_unique<partition_counts>();
    found->seen.resize(lines_);
  }
  return *found;
}

bool count_store::parse(std::string_view key, std::uint64_t& line) const {
  if (!key.starts_with(prefix_))
    return false;
  key.remove_prefix(prefix_.size());
  const auto [end, failed] = std::from_chars(key.data(), key.data() + key.size(), line);
  return failed == std::errc{} && end == key.data() + key.size() && line < lines_;
}
