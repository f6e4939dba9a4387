#include <ottla/kafka/internal/driver/librdkafka/partition_list.hpp>

#include <cstring>

namespace ottla::kafka {

namespace {

partition_list with_capacity(std::size_t size) {
  return partition_list{rd_kafka_topic_partition_list_new(static_cast<int>(size))};
}

rd_kafka_topic_partition_t* add(const partition_list& list, const topic_partition& which) {
  return rd_kafka_topic_partition_list_add(list.get(), which.topic.c_str(), which.partition);
}

} // namespace

partition_list make_partition_list(std::span<const topic_partition> partitions) {
  auto list = with_capacity(partitions.size());
  for (const auto& each : partitions)
    add(list, each);
  return list;
}

partition_list make_partition_list(std::span<const position> positions) {
  auto list = with_capacity(positions.size());
  for (const auto& each : positions)
    add(list, each.at)->offset = each.offset;
  return list;
}

partition_list make_partition_list(const topic_partition& at, std::int64_t offset) {
  auto list = with_capacity(1);
  add(list, at)->offset = offset;
  return list;
}

void set_metadata(rd_kafka_topic_partition_list_t* list, const topic_partition& of,
                  const std::string& metadata) {
  auto* const one = metadata.empty()
                      ? nullptr
                      : rd_kafka_topic_partition_list_find(list, of.topic.c_str(), of.partition);
  if (one == nullptr)
    return;
  // The list frees the metadata.
  one->metadata = rd_kafka_mem_malloc(nullptr, metadata.size());
  one->metadata_size = metadata.size();
  std::memcpy(one->metadata, metadata.data(), metadata.size());
}

std::vector<topic_partition> partitions_of(const rd_kafka_topic_partition_list_t* list) {
  std::vector<topic_partition> answer;
  for (const auto& each : entries(list))
    answer.push_back({each.topic, each.partition});
  return answer;
}

std::span<const rd_kafka_topic_partition_t>
entries(const rd_kafka_topic_partition_list_t* list) noexcept {
  if (list == nullptr)
    return {};
  return {list->elems, static_cast<std::size_t>(list->cnt)};
}

const rd_kafka_topic_partition_t* find(const rd_kafka_topic_partition_list_t* list,
                                       const topic_partition& which) {
  if (list == nullptr)
    return nullptr;
  return rd_kafka_topic_partition_list_find(const_cast<rd_kafka_topic_partition_list_t*>(list),
                                            which.topic.c_str(), which.partition);
}

} // namespace ottla::kafka
