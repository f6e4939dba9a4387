#include <ottla/kafka/internal/driver/librdkafka/admin_requests.hpp>
#include <ottla/kafka/internal/driver/librdkafka/error_codes.hpp>
#include <ottla/kafka/internal/driver/librdkafka/partition_list.hpp>

#include <algorithm>
#include <utility>

namespace ottla::kafka {

namespace {

using delete_group_object = owned<rd_kafka_DeleteGroup_t, rd_kafka_DeleteGroup_destroy>;

consumer_group_state to_state(rd_kafka_consumer_group_state_t state) {
  switch (state) {
    case RD_KAFKA_CONSUMER_GROUP_STATE_PREPARING_REBALANCE:
      return consumer_group_state::preparing_rebalance;
    case RD_KAFKA_CONSUMER_GROUP_STATE_COMPLETING_REBALANCE:
      return consumer_group_state::completing_rebalance;
    case RD_KAFKA_CONSUMER_GROUP_STATE_STABLE: return consumer_group_state::stable;
    case RD_KAFKA_CONSUMER_GROUP_STATE_DEAD: return consumer_group_state::dead;
    case RD_KAFKA_CONSUMER_GROUP_STATE_EMPTY: return consumer_group_state::empty;
    default: return consumer_group_state::unknown;
  }
}

std::string to_text(const char* text) {
  return text != nullptr ? text : "";
}

member_description to_member(const rd_kafka_MemberDescription_t* member) {
  member_description answer{.id = to_text(rd_kafka_MemberDescription_consumer_id(member)),
                            .instance
                            = to_text(rd_kafka_MemberDescription_group_instance_id(member)),
                            .client_id = to_text(rd_kafka_MemberDescription_client_id(member)),
                            .host = to_text(rd_kafka_MemberDescription_host(member))};
  if (const auto* assignment = rd_kafka_MemberDescription_assignment(member))
    answer.assignment = partitions_of(rd_kafka_MemberAssignment_partitions(assignment));
  std::ranges::sort(answer.assignment);
  return answer;
}

group_description to_description(const rd_kafka_ConsumerGroupDescription_t* group) {
  group_description answer{
    .state = to_state(rd_kafka_ConsumerGroupDescription_state(group)),
    .protocol = to_text(rd_kafka_ConsumerGroupDescription_partition_assignor(group)),
    .is_simple = rd_kafka_ConsumerGroupDescription_is_simple_consumer_group(group) != 0};
  if (const auto* node = rd_kafka_ConsumerGroupDescription_coordinator(group))
    answer.coordinator = rd_kafka_Node_id(node);
  const auto count = rd_kafka_ConsumerGroupDescription_member_count(group);
  for (std::size_t i = 0; i < count; ++i)
    answer.members.push_back(to_member(rd_kafka_ConsumerGroupDescription_member(group, i)));
  return answer;
}

error no_answer(const std::string& group) {
  return {.text = "the broker did not answer for group \"" + group + '"'};
}

} // namespace

result<group_list> admin_requests::list_groups() {
  const auto event = send("list_groups", [&](const auto* options, auto* answers) {
    rd_kafka_ListConsumerGroups(native(), options, answers);
  });
  if (!event)
    return event.error();
  const auto* found = rd_kafka_event_ListConsumerGroups_result((*event).get());
  std::size_t count = 0;
  group_list answer;
  const auto* const* groups = rd_kafka_ListConsumerGroups_result_valid(found, &count);
  for (std::size_t i = 0; i < count; ++i)
    answer.groups.push_back(
      {.name = rd_kafka_ConsumerGroupListing_group_id(groups[i]),
       .state = to_state(rd_kafka_ConsumerGroupListing_state(groups[i])),
       .is_simple = rd_kafka_ConsumerGroupListing_is_simple_consumer_group(groups[i]) != 0});
  std::ranges::sort(answer.groups, {}, &group_info::name);
  const auto* const* errors = rd_kafka_ListConsumerGroups_result_errors(found, &count);
  for (std::size_t i = 0; i < count; ++i)
    if (auto why = to_failure(errors[i]))
      answer.failures.push_back(std::move(*why));
  return answer;
}

result<std::vector<group_description>>
admin_requests::describe_groups(std::span<const std::string> groups) {
  return until_coordinated([&] { return try_describe_groups(groups); });
}

// A broker describes a group that does not exist as dead. Newer brokers and versions of librdkafka
// report GROUP_ID_NOT_FOUND, so this function always does.
result<std::vector<group_description>>
admin_requests::try_describe_groups(std::span<const std::string> groups) {
  std::vector<const char*> names;
  for (const auto& each : groups)
    names.push_back(each.c_str());
  const auto event = send("describe_groups", [&](const auto* options, auto* answers) {
    rd_kafka_DescribeConsumerGroups(native(), names.data(), names.size(), options, answers);
  });
  if (!event)
    return event.error();
  std::size_t count = 0;
  const auto* const* found = rd_kafka_DescribeConsumerGroups_result_groups(
    rd_kafka_event_DescribeConsumerGroups_result((*event).get()), &count);
  const std::span described{found, count};
  std::vector<group_description> answer;
  for (const auto& each : groups) {
    const auto one = std::ranges::find_if(described, [&](const auto* group) {
      return each == rd_kafka_ConsumerGroupDescription_group_id(group);
    });
    group_description group;
    if (one == described.end())
      group.failed = no_answer(each);
    else if (auto why = to_failure(rd_kafka_ConsumerGroupDescription_error(*one)))
      group.failed = std::move(why);
    else
      group = to_description(*one);
    if (!group.failed && group.state == consumer_group_state::dead && group.members.empty())
      group = {.failed = to_error(RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND)};
    group.name = each;
    answer.push_back(std::move(group));
  }
  return answer;
}

// A second try for all groups would report the groups of the first try as unknown. So each group
// has a request of its own.
result<std::vector<group_outcome>>
admin_requests::delete_groups(std::span<const std::string> groups) {
  std::vector<group_outcome> answer;
  for (const auto& each : groups) {
    auto one = until_coordinated([&] { return try_delete_groups({&each, 1}); });
    if (one)
      answer.push_back(std::move(one->front()));
    else if (answer.empty())
      return one.error();
    else
      answer.push_back({.group = each, .failed = one.error()});
  }
  return answer;
}

result<std::vector<group_outcome>>
admin_requests::try_delete_groups(std::span<const std::string> groups) {
  std::vector<delete_group_object> objects;
  std::vector<rd_kafka_DeleteGroup_t*> raw;
  for (const auto& each : groups)
    raw.push_back(objects.emplace_back(rd_kafka_DeleteGroup_new(each.c_str())).get());
  const auto event = send("delete_groups", [&](const auto* options, auto* answers) {
    rd_kafka_DeleteGroups(native(), raw.data(), raw.size(), options, answers);
  });
  if (!event)
    return event.error();
  std::size_t count = 0;
  const auto* const* found = rd_kafka_DeleteGroups_result_groups(
    rd_kafka_event_DeleteGroups_result((*event).get()), &count);
  const std::span deleted{found, count};
  std::vector<group_outcome> answer;
  for (const auto& each : groups) {
    const auto one = std::ranges::find_if(
      deleted, [&](const auto* group) { return each == rd_kafka_group_result_name(group); });
    group_outcome outcome{.group = each};
    if (one == deleted.end())
      outcome.failed = no_answer(each);
    else
      outcome.failed = to_failure(rd_kafka_group_result_error(*one));
    answer.push_back(std::move(outcome));
  }
  return answer;
}

} // namespace ottla::kafka
