#include <ottla/kafka/internal/driver/librdkafka/topic_starts.hpp>

#include <algorithm>
#include <charconv>

namespace ottla::kafka {

namespace {

constexpr std::string_view prefix = "ottla: began with partitions=";

} // namespace

void topic_starts::begin(const std::string& topic, std::int32_t partitions) {
  const std::scoped_lock guard{lock_};
  partitions_[topic] = partitions;
}

void topic_starts::note(const std::string& topic, std::int32_t partitions) {
  const std::scoped_lock guard{lock_};
  const auto [found, is_new] = partitions_.try_emplace(topic, partitions);
  if (!is_new)
    found->second = std::min(found->second, partitions);
}

std::optional<std::int32_t> topic_starts::partitions_of(const std::string& topic) const {
  const std::scoped_lock guard{lock_};
  const auto found = partitions_.find(topic);
  return found == partitions_.end() ? std::nullopt : std::optional{found->second};
}

std::string topic_starts::metadata_of(const std::string& topic) const {
  const auto known = partitions_of(topic);
  return known ? std::string{prefix} + std::to_string(*known) : std::string{};
}

std::optional<std::int32_t> parse_topic_start(std::string_view metadata) {
  if (!metadata.starts_with(prefix))
    return std::nullopt;
  metadata.remove_prefix(prefix.size());
  std::int32_t number = 0;
  const auto* const end = metadata.data() + metadata.size();
  const auto [stopped, failed] = std::from_chars(metadata.data(), end, number);
  if (failed != std::errc{} || stopped != end || number < 0)
    return std::nullopt;
  return number;
}

} // namespace ottla::kafka
