#include <ottla/kafka/internal/admin/topic_lookup.hpp>

#include <algorithm>

namespace ottla::kafka {

const topic_description* find_topic(const cluster_view& in, const std::string& topic) {
  const auto found = std::ranges::lower_bound(in.topics, topic, {}, &topic_description::name);
  return found != in.topics.end() && found->name == topic ? &*found : nullptr;
}

error no_topic(const std::string& topic) {
  return {.code = errc::unknown_topic,
          .retriable = true,
          .text = "topic \"" + topic + "\" does not exist",
          .name = "UNKNOWN_TOPIC_OR_PARTITION"};
}

result<std::int32_t> partitions_in(const cluster_view& view, const std::string& topic) {
  const auto* found = find_topic(view, topic);
  if (found == nullptr)
    return no_topic(topic);
  if (found->failed)
    return *found->failed;
  return static_cast<std::int32_t>(found->partitions.size());
}

} // namespace ottla::kafka
