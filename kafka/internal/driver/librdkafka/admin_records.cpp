#include <ottla/kafka/internal/driver/librdkafka/admin_requests.hpp>
#include <ottla/kafka/internal/driver/librdkafka/error_codes.hpp>
#include <ottla/kafka/internal/driver/librdkafka/partition_list.hpp>

#include <algorithm>
#include <utility>

namespace ottla::kafka {

namespace {

using delete_records_object = owned<rd_kafka_DeleteRecords_t, rd_kafka_DeleteRecords_destroy>;

bool has_partition(const cluster_view& cluster, const topic_partition& where) {
  const auto topic
    = std::ranges::lower_bound(cluster.topics, where.topic, {}, &topic_description::name);
  return topic != cluster.topics.end() && topic->name == where.topic
         && std::ranges::find(topic->partitions, where.partition, &partition_info::partition)
              != topic->partitions.end();
}

} // namespace

// If one partition does not exist, librdkafka fails the whole request. So the request contains only
// partitions that exist.
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
    if (has_partition(*cluster, each.where))
      wanted.push_back({each.where, each.offset.value_or(RD_KAFKA_OFFSET_END)});
    else
      answer.back().failed = to_error(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
                                      to_string(each.where) + " does not exist");
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
