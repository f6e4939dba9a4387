#include <ottla/kafka/internal/driver/librdkafka/mask_of_settings.hpp>
#include <ottla/kafka/internal/driver/librdkafka/partitioning.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <random>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

constexpr const char* partitioner_key = "partitioner";
constexpr const char* sticky_key = "sticky.partitioning.linger.ms";

/// librdkafka's largest value of sticky.partitioning.linger.ms.
constexpr std::chrono::milliseconds longest_sticky{900'000};

/// Whether librdkafka lacks the partitioner. librdkafka's murmur2_random equals murmur2.
bool is_own(const std::optional<partitioner>& how) {
  return how && !std::holds_alternative<murmur2>(*how);
}

std::uint64_t random_seed() {
  std::random_device source;
  return std::uint64_t{source()} << 32 | source();
}

} // namespace

partitioning::partitioning(const extra_settings& common, const producer_settings& how,
                           const std::vector<topic_producer_settings>& topics)
  : is_needed_{is_own(how.partitioner)
               || std::ranges::any_of(topics, is_own, &topic_producer_settings::partitioner)},
    of_others_{how.partitioner} {
  const auto is_given
    = [&](const char* key) { return common.contains(key) || how.extra.contains(key); };
  if (!of_others_ && !is_given(partitioner_key))
    of_others_ = murmur2{};
  // librdkafka's own default is twice linger.ms. The configuration rejects an invalid linger later.
  if (!is_given(sticky_key))
    sticky_for_ = std::chrono::duration_cast<std::chrono::milliseconds>(
      2 * std::clamp<std::chrono::microseconds>(how.linger, 0us, longest_sticky / 2));
}

void partitioning::configure(configuration& conf) {
  if (!is_needed_)
    return;
  if (!sticky_for_)
    sticky_for_ = std::chrono::milliseconds{std::atoll(value_of(conf.get(), sticky_key).c_str())};
  conf.set(sticky_key, "0");
}

std::unique_ptr<topic_partitioner>
partitioning::make_for(const std::string& topic, const topic_producer_settings* own) const {
  if (!is_needed_)
    return nullptr;
  auto how = of_others_;
  if (own != nullptr && own->extra.contains(partitioner_key))
    how = std::nullopt;
  if (own != nullptr && own->partitioner)
    how = own->partitioner;
  if (!how)
    return nullptr;
  return std::make_unique<topic_partitioner>(*how, topic, random_seed(), sticky_for_.value_or(0ms));
}

} // namespace ottla::kafka
