#include <ottla/kafka/internal/admin/topic_lookup.hpp>
#include <ottla/kafka/internal/driver/librdkafka/admin_requests.hpp>
#include <ottla/kafka/internal/driver/librdkafka/error_codes.hpp>
#include <ottla/kafka/internal/driver/librdkafka/partition_list.hpp>

#include <algorithm>
#include <utility>

namespace ottla::kafka {

namespace {

using delete_records_object = owned<rd_kafka_DeleteRecords_t, rd_kafka_DeleteRecords_destroy>;

/// Null if the partition does not exist.
const partition_info* find_partition(const cluster_view& cluster, const topic_partition& where) {
  const auto* topic = find_topic(cluster, where.topic);
  if (topic == nullptr)
    return nullptr;
  const auto found
    = std::ranges::find(topic->partitions, where.partition, &partition_info::partition);
  return found != topic->partitions.end() ? &*found : nullptr;
}

} // namespace

// If one partition does not exist, or if no partition has a leader, librdkafka fails the whole
// request. So the request contains only partitions that have a leader.
result<std::vector<records_deleted>>
admin_requests::delete_records(std::span<const records_before> records) {
  const auto cluster = read_cluster();
  if (!cluster)
    return cluster.error();
  if (auto refused = check_support("delete_records"))
    return *refused;
  std::vector<records_deleted> answer;
  std::vector<position> wanted;
  for (const auto& each : records) {
    answer.push_back({.where = each.where});
    const auto* found = find_partition(*cluster, each.where);
    if (found == nullptr)
      answer.back().failed = to_error(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
                                      to_string(each.where) + " does not exist");
    else if (found->leader < 0)
      answer.back().failed = to_error(RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
                                      to_string(each.where) + " has no leader");
    else
      wanted.push_back({each.where, each.offset.value_or(RD_KAFKA_OFFSET_END)});
  }
  if (wanted.empty())
    return answer;
  const delete_records_object object{rd_kafka_DeleteRecords_new(make_partition_list(wanted).get())};
  auto* one = object.get();
  const auto event = send("delete_records", [&](const auto* options, auto* answers) {
    rd_kafka_DeleteRecords(native(), &one, 1, options, answers);
  });
  if (!event)
    return event.error();
  const auto* done
    = rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result((*event).get()));
  for (auto& each : answer) {
    if (each.failed)
      continue;
    const auto* found = find(done, each.where);
    if (found == nullptr)
      each.failed = error{.text = "the broker did not answer for " + to_string(each.where)};
    else if (found->err != RD_KAFKA_RESP_ERR_NO_ERROR)
      each.failed = to_error(found->err);
    else
      each.log_begin = found->offset;
  }
  return answer;
}

} // namespace ottla::kafka
