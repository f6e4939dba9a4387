#include <ottla/kafka/internal/driver/librdkafka/epoch_functions.hpp>
#include <ottla/kafka/internal/driver/librdkafka/error_codes.hpp>
#include <ottla/kafka/internal/driver/librdkafka/group_offsets.hpp>
#include <ottla/kafka/internal/driver/librdkafka/partition_list.hpp>

#include <vector>

namespace ottla::kafka {

namespace {

constexpr int group_timeout_ms = 10'000;

void note_start(const rd_kafka_topic_partition_t& of, topic_starts& starts) {
  if (of.offset < 0 || of.metadata == nullptr)
    return;
  if (const auto first
      = parse_topic_start({static_cast<const char*>(of.metadata), of.metadata_size}))
    starts.note(of.topic, *first);
}

} // namespace

std::vector<std::variant<group_state, error>>
committed_offsets_of(rd_kafka_t* member, std::span<const topic_partition> partitions,
                     topic_starts& starts) {
  const auto list = make_partition_list(partitions);
  const auto code = rd_kafka_committed(member, list.get(), group_timeout_ms);
  std::vector<std::variant<group_state, error>> answer;
  for (const auto& each : entries(list.get())) {
    const auto failed = code != RD_KAFKA_RESP_ERR_NO_ERROR ? code : each.err;
    if (failed != RD_KAFKA_RESP_ERR_NO_ERROR) {
      answer.emplace_back(to_error(failed));
      continue;
    }
    note_start(each, starts);
    answer.emplace_back(each.offset >= 0
                          ? group_state{.committed = each.offset, .epoch = leader_epoch_of(each)}
                          : group_state{});
  }
  return answer;
}

std::variant<std::map<std::string, std::int32_t>, error>
first_partitions_of(rd_kafka_t* member, const std::map<std::string, std::int32_t>& partitions,
                    topic_starts& starts) {
  std::vector<topic_partition> all;
  for (const auto& [topic, count] : partitions)
    for (std::int32_t partition = 0; partition < count; ++partition)
      all.push_back({topic, partition});
  const auto committed = committed_offsets_of(member, all, starts);
  std::map<std::string, std::int32_t> answer;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (const auto* why = std::get_if<error>(&committed[i]))
      return *why;
    // Commits of other clients do not carry the number of partitions. The number is then 0, and
    // each partition without a commit counts as newer than the group.
    if (std::get<group_state>(committed[i]).committed >= 0)
      answer[all[i].topic] = starts.partitions_of(all[i].topic).value_or(0);
  }
  for (const auto& [topic, count] : partitions)
    if (!answer.contains(topic))
      starts.begin(topic, count);
  return answer;
}

} // namespace ottla::kafka
