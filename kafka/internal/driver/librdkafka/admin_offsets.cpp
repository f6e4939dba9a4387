#include <ottla/kafka/internal/driver/librdkafka/admin_requests.hpp>
#include <ottla/kafka/internal/driver/librdkafka/error_codes.hpp>
#include <ottla/kafka/internal/driver/librdkafka/partition_list.hpp>

#include <algorithm>
#include <utility>

namespace ottla::kafka {

namespace {

using list_offsets_object
  = owned<rd_kafka_ListConsumerGroupOffsets_t, rd_kafka_ListConsumerGroupOffsets_destroy>;
using alter_offsets_object
  = owned<rd_kafka_AlterConsumerGroupOffsets_t, rd_kafka_AlterConsumerGroupOffsets_destroy>;

error no_answer(const std::string& group) {
  return {.text = "the broker did not answer for group \"" + group + '"'};
}

/// The group got members after the check of its state.
error to_commit_error(rd_kafka_resp_err_t code) {
  auto why = to_error(code);
  if (code == RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID) {
    why.code = errc::group_not_empty;
    why.retriable = true;
    why.text = "the group has members again";
  }
  return why;
}

/// Callers handle times before 1970, which Kafka gives special meanings.
std::int64_t to_logical(const log_point& where) {
  if (std::holds_alternative<earliest>(where))
    return RD_KAFKA_OFFSET_BEGINNING;
  if (std::holds_alternative<latest>(where))
    return RD_KAFKA_OFFSET_END;
  const auto when = std::get<since>(where).when.time_since_epoch();
  return std::max<std::int64_t>(std::chrono::ceil<std::chrono::milliseconds>(when).count(), 0);
}

} // namespace

result<std::vector<partition_offset>> admin_requests::read_committed(const std::string& group) {
  return until_coordinated([&] { return try_read_committed(group); });
}

result<std::vector<partition_offset>> admin_requests::try_read_committed(const std::string& group) {
  const list_offsets_object object{rd_kafka_ListConsumerGroupOffsets_new(group.c_str(), nullptr)};
  auto* one = object.get();
  const auto event = send("fetch_committed_offsets", [&](const auto* options, auto* answers) {
    rd_kafka_ListConsumerGroupOffsets(native(), &one, 1, options, answers);
  });
  if (!event)
    return event.error();
  std::size_t count = 0;
  const auto* const* groups = rd_kafka_ListConsumerGroupOffsets_result_groups(
    rd_kafka_event_ListConsumerGroupOffsets_result((*event).get()), &count);
  if (count != 1)
    return no_answer(group);
  if (auto why = to_failure(rd_kafka_group_result_error(groups[0])))
    return *why;
  std::vector<partition_offset> answer;
  for (const auto& each : entries(rd_kafka_group_result_partitions(groups[0])))
    if (each.err != RD_KAFKA_RESP_ERR_NO_ERROR)
      answer.push_back({.where = {each.topic, each.partition}, .failed = to_error(each.err)});
    else if (each.offset >= 0)
      answer.push_back({.where = {each.topic, each.partition}, .offset = each.offset});
  std::ranges::sort(answer, {}, &partition_offset::where);
  return answer;
}

result<std::vector<partition_offset>>
admin_requests::commit(const std::string& group, std::span<const partition_offset> offsets) {
  return until_coordinated([&] { return try_commit(group, offsets); });
}

result<std::vector<partition_offset>>
admin_requests::try_commit(const std::string& group, std::span<const partition_offset> offsets) {
  std::vector<position> wanted;
  for (const auto& each : offsets)
    wanted.push_back({each.where, each.offset});
  const alter_offsets_object object{
    rd_kafka_AlterConsumerGroupOffsets_new(group.c_str(), make_partition_list(wanted).get())};
  auto* one = object.get();
  const auto event = send("reset_offsets", [&](const auto* options, auto* answers) {
    rd_kafka_AlterConsumerGroupOffsets(native(), &one, 1, options, answers);
  });
  if (!event)
    return event.error();
  std::size_t count = 0;
  const auto* const* groups = rd_kafka_AlterConsumerGroupOffsets_result_groups(
    rd_kafka_event_AlterConsumerGroupOffsets_result((*event).get()), &count);
  if (count != 1)
    return no_answer(group);
  if (auto why = to_failure(rd_kafka_group_result_error(groups[0])))
    return *why;
  const auto* stored = rd_kafka_group_result_partitions(groups[0]);
  std::vector<partition_offset> answer;
  for (const auto& each : offsets) {
    answer.push_back(each);
    const auto* found = find(stored, each.where);
    if (found == nullptr)
      answer.back().failed = no_answer(group);
    else if (found->err != RD_KAFKA_RESP_ERR_NO_ERROR)
      answer.back().failed = to_commit_error(found->err);
  }
  return answer;
}

result<std::vector<partition_offset>>
admin_requests::find_offsets(std::span<const topic_partition> partitions, const log_point& where) {
  auto& lookups = over_.lookups();
  const auto time_left = [this] { return std::min(left(), lookup_handle::default_time); };
  const auto leaders = lookups.find_leaders(partitions, time_left());
  std::vector<position> asked;
  for (const auto& each : partitions)
    asked.push_back({each, to_logical(where)});
  const std::vector<std::vector<position>> lists{std::move(asked)};
  const auto found = lookups.ask(leaders, lists, give_up_, time_left()).front();
  std::vector<partition_offset> answer;
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    answer.push_back({.where = partitions[i]});
    if (const auto* why = std::get_if<error>(&found[i]))
      answer.back().failed = *why;
    else
      answer.back().offset = std::get<log_offset>(found[i]).offset;
    // Kafka returns -1 for an unknown end.
    if (!answer.back().failed && answer.back().offset < 0 && !std::holds_alternative<since>(where))
      answer.back().failed = to_error(RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE);
  }
  return answer;
}

} // namespace ottla::kafka
