#include <ottla/kafka/internal/producer/partition_chooser.hpp>

#include <utility>

namespace ottla::kafka {

namespace {

/// The number at this place of the sequence of SplitMix64. Needs no state besides the place, so
/// threads share a sequence without a lock.
std::uint64_t random_number(std::uint64_t seed, std::uint64_t place) noexcept {
  auto bits = seed + (place + 1) * 0x9e3779b97f4a7c15U;
  bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9U;
  bits = (bits ^ bits >> 27) * 0x94d049bb133111ebU;
  return bits ^ bits >> 31;
}

} // namespace

partition_chooser::partition_chooser(partitioner how, std::string topic, std::uint64_t seed)
  : how_{std::move(how)}, topic_{std::move(topic)}, seed_{seed} {}

result<std::int32_t> partition_chooser::choose(std::int32_t partitions,
                                               std::optional<std::string_view> key,
                                               std::optional<std::string_view> value) {
  if (std::holds_alternative<murmur2>(how_) && !key)
    return left_to_the_client;
  const bool is_random = std::holds_alternative<random>(how_);
  if (partitions > 0 && (is_random || std::holds_alternative<round_robin>(how_))) {
    const auto place = placed_.fetch_add(1, std::memory_order_relaxed);
    const auto count = static_cast<std::uint64_t>(partitions);
    // The high half times the count, without a division: each partition is equally likely.
    return static_cast<std::int32_t>(is_random ? (random_number(seed_, place) >> 32) * count >> 32
                                               : place % count);
  }
  return partition_for(how_, topic_, partitions, key, value);
}

} // namespace ottla::kafka
