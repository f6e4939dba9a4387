#include <ottla/kafka/internal/admin/carry_out.hpp>
#include <ottla/kafka/internal/admin/topic_lookup.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace ottla::kafka {

namespace {

bool is_unknown(const topic_description& topic) {
  return topic.failed && topic.failed->code == errc::unknown_topic;
}

/// librdkafka waits for a broker that does not exist until the deadline.
std::optional<error> find_owner(admin_session& over, const config_owner& owner) {
  const auto* broker = std::get_if<broker_configs>(&owner);
  if (broker == nullptr)
    return std::nullopt;
  const auto seen = over.read_cluster();
  if (!seen)
    return seen.error();
  if (std::ranges::find(seen->cluster.brokers, broker->broker, &broker_info::id)
      != seen->cluster.brokers.end())
    return std::nullopt;
  return error{.code = errc::bad_setting,
               .text = "no broker with the id " + std::to_string(broker->broker) + " is up"};
}

void add_configs(admin_session& over, std::vector<topic_description>& topics) {
  std::vector<config_owner> owners;
  for (const auto& each : topics)
    if (!each.failed)
      owners.emplace_back(topic_configs{each.name});
  if (owners.empty())
    return;
  const auto answer = over.describe_configs(owners);
  std::size_t next = 0;
  for (auto& each : topics) {
    if (each.failed)
      continue;
    if (!answer)
      each.configs_failed = answer.error();
    else if (const auto& configs = (*answer)[next++])
      each.configs = *configs;
    else
      each.configs_failed = configs.error();
  }
}

void add_ids(admin_session& over, std::vector<topic_description>& topics) {
  std::vector<std::string> names;
  for (const auto& each : topics)
    if (!each.failed)
      names.push_back(each.name);
  if (names.empty())
    return;
  const auto ids = over.find_ids(names);
  for (auto& each : topics)
    if (const auto found = ids.find(each.name); found != ids.end())
      each.id = found->second;
}

} // namespace

list_topics_request::answer carry_out(admin_session& over, const list_topics_request&) {
  const auto seen = over.read_cluster();
  if (!seen)
    return seen.error();
  std::vector<topic_info> topics;
  for (const auto& each : seen->topics)
    topics.push_back({each.name, static_cast<std::int32_t>(each.partitions.size())});
  return topics;
}

describe_topics_request::answer carry_out(admin_session& over,
                                          const describe_topics_request& what) {
  std::vector<topic_description> answer;
  if (what.topics.empty())
    return answer;
  const auto seen = over.read_cluster();
  if (!seen)
    return seen.error();
  for (const auto& name : what.topics)
    if (const auto* found = find_topic(*seen, name))
      answer.push_back(*found);
    else
      answer.push_back({.name = name, .failed = no_topic(name)});
  add_configs(over, answer);
  add_ids(over, answer);
  return answer;
}

topic_exists_request::answer carry_out(admin_session& over, const topic_exists_request& what) {
  const auto seen = over.read_cluster();
  if (!seen)
    return seen.error();
  const auto* found = find_topic(*seen, what.topic);
  return found != nullptr && !is_unknown(*found);
}

count_partitions_request::answer carry_out(admin_session& over,
                                           const count_partitions_request& what) {
  const auto seen = over.read_cluster();
  if (!seen)
    return seen.error();
  return partitions_in(*seen, what.topic);
}

create_topics_request::answer carry_out(admin_session& over, const create_topics_request& what) {
  if (what.topics.empty())
    return std::vector<topic_outcome>{};
  return over.create_topics(what.topics);
}

delete_topics_request::answer carry_out(admin_session& over, const delete_topics_request& what) {
  if (what.topics.empty())
    return std::vector<topic_outcome>{};
  return over.delete_topics(what.topics);
}

add_partitions_request::answer carry_out(admin_session& over, const add_partitions_request& what) {
  return over.add_partitions(what.topic, what.partitions);
}

describe_configs_request::answer carry_out(admin_session& over,
                                           const describe_configs_request& what) {
  if (auto missing = find_owner(over, what.owner))
    return std::move(*missing);
  auto answer = over.describe_configs({&what.owner, 1});
  if (!answer)
    return answer.error();
  return std::move(answer->front());
}

alter_configs_request::answer carry_out(admin_session& over, const alter_configs_request& what) {
  if (what.changes.empty())
    return {};
  if (auto missing = find_owner(over, what.owner))
    return std::move(*missing);
  return over.alter_configs(what.owner, what.changes);
}

delete_records_request::answer carry_out(admin_session& over, const delete_records_request& what) {
  if (what.records.empty())
    return std::vector<records_deleted>{};
  return over.delete_records(what.records);
}

describe_cluster_request::answer carry_out(admin_session& over, const describe_cluster_request&) {
  auto seen = over.read_cluster();
  if (!seen)
    return seen.error();
  return std::move(seen->cluster);
}

} // namespace ottla::kafka
