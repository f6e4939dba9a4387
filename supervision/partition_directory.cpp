#include <ottla/supervision/partition_directory.hpp>

#include <charconv>
#include <cstdint>
#include <mutex>
#include <optional>

namespace ottla {

namespace {

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return number;
}

} // namespace

std::size_t partition_of(std::string_view key, std::size_t partitions) {
  if (partitions < 2)
    return 0;
  if (const auto number = number_in(key))
    return *number % partitions;
  auto hash = std::uint64_t{14695981039346656037U};
  for (const unsigned char byte : key)
    hash = (hash ^ byte) * 1099511628211U;
  return hash % partitions;
}

void partition_directory::spread_over(std::size_t partitions) {
  const std::unique_lock lock{guard_};
  partitions_ = partitions;
}

std::size_t partition_directory::partitions() const {
  const std::shared_lock lock{guard_};
  return partitions_;
}

caf::actor partition_directory::whereis(std::string_view key) const {
  // Declared before the lock: `holder` may become the last handle, whose release runs a user's
  // destructor.
  caf::actor holder;
  {
    const std::shared_lock lock{guard_};
    const auto found = processes_.find(partition_of(key, partitions_));
    if (found == processes_.end())
      return {};
    holder = caf::actor_cast<caf::actor>(found->second);
  }
  return is_alive(holder) ? holder : caf::actor{};
}

caf::actor partition_directory::claim(std::string_view partition, const caf::actor& who) {
  const auto which = number_in(partition);
  if (!which)
    return {};
  caf::actor holder;
  const std::unique_lock lock{guard_};
  auto& entry = processes_[*which];
  holder = caf::actor_cast<caf::actor>(entry);
  if (is_alive(holder))
    return holder;
  entry = who.address();
  return who;
}

void partition_directory::release(std::string_view partition, const caf::actor_addr& who) {
  const auto which = number_in(partition);
  const std::unique_lock lock{guard_};
  if (!which)
    return;
  const auto found = processes_.find(*which);
  if (found != processes_.end() && found->second == who)
    processes_.erase(found);
}

} // namespace ottla
