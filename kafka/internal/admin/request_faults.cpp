#include <ottla/actors/check_name.hpp>
#include <ottla/kafka/internal/admin/request_faults.hpp>
#include <ottla/kafka/internal/settings/name_limits.hpp>
#include <ottla/kafka/internal/settings/topic_name.hpp>

#include <fmt/format.h>

#include <set>
#include <string>
#include <utility>

namespace ottla::kafka {

namespace {

using fault = std::optional<std::string>;

/// librdkafka's limit.
constexpr std::int32_t most_partitions = 100'000;

fault fault_of_group(const std::string& group) {
  if (group.empty())
    return "a group must not be empty, got \"\"";
  if (has_control_characters(group))
    return "a group must not contain control characters";
  if (group.size() > longest_text)
    return fmt::format("a group must have at most {} bytes, got {}", longest_text, group.size());
  return std::nullopt;
}

fault fault_of_partition(const topic_partition& where) {
  if (auto wrong = fault_of_topic(where.topic))
    return wrong;
  if (where.partition < 0)
    return fmt::format("topic \"{}\": a partition must not be negative, got {}", where.topic,
                       where.partition);
  return std::nullopt;
}

/// Values may be secrets, so the text does not quote them.
fault fault_of_config(const std::string& name, const std::string& value) {
  if (name.empty())
    return "a config must have a name, got \"\"";
  if (has_control_characters(name))
    return "a config's name must not contain control characters";
  if (name.size() > longest_text)
    return fmt::format("a config's name must have at most {} bytes, got {}", longest_text,
                       name.size());
  if (value.find('\0') != std::string::npos)
    return fmt::format("the value of config \"{}\" must not contain a NUL byte", shown(name));
  if (value.size() > longest_text)
    return fmt::format("the value of config \"{}\" must have at most {} bytes, got {}", shown(name),
                       longest_text, value.size());
  return std::nullopt;
}

fault fault_of_new_topic(const new_topic& topic) {
  if (auto wrong = fault_of_topic(topic.name))
    return wrong;
  // librdkafka sends zeros to a broker, and waits for the broker to reject the request.
  if (topic.partitions < -1 || topic.partitions == 0 || topic.partitions > most_partitions)
    return fmt::format("topic \"{}\": partitions must be from 1 to {}, or -1 for the broker's "
                       "default, got {}",
                       topic.name, most_partitions, topic.partitions);
  if (topic.replicas < -1 || topic.replicas == 0)
    return fmt::format("topic \"{}\": replicas must be at least 1, or -1 for the broker's default, "
                       "got {}",
                       topic.name, topic.replicas);
  for (const auto& [name, value] : topic.configs)
    if (auto wrong = fault_of_config(name, value))
      return fmt::format("topic \"{}\": {}", topic.name, *wrong);
  return std::nullopt;
}

/// Checks each item with `check`, and that no two items have the same key.
template <class Items, class Check, class Key, class Print>
fault fault_of_list(const Items& items, Check check, Key key, Print print) {
  std::set<std::decay_t<decltype(key(*items.begin()))>> seen;
  for (const auto& each : items)
    if (auto wrong = check(each))
      return wrong;
    else if (!seen.insert(key(each)).second)
      return print(key(each)) + " is named twice";
  return std::nullopt;
}

const std::string& itself(const std::string& name) {
  return name;
}

std::string in_quotes(const char* kind, const std::string& name) {
  return fmt::format("{} \"{}\"", kind, shown(name));
}

fault fault_of_topics(const std::vector<std::string>& topics) {
  return fault_of_list(topics, fault_of_topic, itself,
                       [](const auto& name) { return in_quotes("topic", name); });
}

fault fault_of_groups(const std::vector<std::string>& groups) {
  return fault_of_list(groups, fault_of_group, itself,
                       [](const auto& name) { return in_quotes("group", name); });
}

fault fault_of_owner(const config_owner& owner) {
  if (const auto* topic = std::get_if<topic_configs>(&owner))
    return fault_of_topic(topic->topic);
  if (const auto id = std::get<broker_configs>(owner).broker; id < 0)
    return fmt::format("a broker's id must not be negative, got {}", id);
  return std::nullopt;
}

fault fault_of_changes(const std::vector<config_change>& changes) {
  return fault_of_list(
    changes,
    [](const config_change& one) { return fault_of_config(one.name, one.value.value_or("")); },
    [](const config_change& one) { return one.name; },
    [](const auto& name) { return in_quotes("config", name); });
}

fault fault_of_records(const std::vector<records_before>& records) {
  return fault_of_list(
    records,
    [](const records_before& one) -> fault {
      if (auto wrong = fault_of_partition(one.where))
        return wrong;
      if (one.offset && *one.offset < 0)
        return fmt::format("{}: an offset must not be negative, got {}", to_string(one.where),
                           *one.offset);
      return std::nullopt;
    },
    [](const records_before& one) { return one.where; },
    [](const topic_partition& where) { return to_string(where); });
}

fault fault_of_reset(const group_reset& what) {
  if (auto wrong = fault_of_group(what.group))
    return wrong;
  if (auto wrong = fault_of_topics(what.topics))
    return wrong;
  if (auto wrong = fault_of_list(
        what.partitions, fault_of_partition, [](const auto& where) { return where; },
        [](const topic_partition& where) { return to_string(where); }))
    return wrong;
  if (const auto* number = std::get_if<at_offset>(&what.to);
      number != nullptr && number->offset < 0)
    return fmt::format("an offset must not be negative, got {}", number->offset);
  return std::nullopt;
}

/// The fault of the deadline, or the given fault.
std::optional<error> either(std::chrono::milliseconds within, fault wrong) {
  if (auto late = fault_of_time(within))
    return late;
  if (wrong)
    return error{.code = errc::bad_setting, .text = std::move(*wrong)};
  return std::nullopt;
}

} // namespace

std::optional<error> fault_of_time(std::chrono::milliseconds within) {
  if (within > within.zero())
    return std::nullopt;
  return error{.code = errc::bad_setting,
               .text = fmt::format("within must be positive, got {}ms", within.count())};
}

std::optional<error> fault_of(const list_topics_request& what) {
  return fault_of_time(what.within);
}

std::optional<error> fault_of(const describe_topics_request& what) {
  return either(what.within, fault_of_topics(what.topics));
}

std::optional<error> fault_of(const topic_exists_request& what) {
  return either(what.within, fault_of_topic(what.topic));
}

std::optional<error> fault_of(const count_partitions_request& what) {
  return either(what.within, fault_of_topic(what.topic));
}

std::optional<error> fault_of(const create_topics_request& what) {
  return either(what.within,
                fault_of_list(
                  what.topics, fault_of_new_topic, [](const auto& one) { return one.name; },
                  [](const auto& name) { return in_quotes("topic", name); }));
}

std::optional<error> fault_of(const delete_topics_request& what) {
  return either(what.within, fault_of_topics(what.topics));
}

std::optional<error> fault_of(const add_partitions_request& what) {
  auto wrong = fault_of_topic(what.topic);
  if (!wrong && (what.partitions < 1 || what.partitions > most_partitions))
    wrong = fmt::format("topic \"{}\": partitions must be from 1 to {}, got {}", what.topic,
                        most_partitions, what.partitions);
  return either(what.within, std::move(wrong));
}

std::optional<error> fault_of(const describe_configs_request& what) {
  return either(what.within, fault_of_owner(what.owner));
}

std::optional<error> fault_of(const alter_configs_request& what) {
  auto wrong = fault_of_owner(what.owner);
  if (!wrong)
    wrong = fault_of_changes(what.changes);
  return either(what.within, std::move(wrong));
}

std::optional<error> fault_of(const delete_records_request& what) {
  return either(what.within, fault_of_records(what.records));
}

std::optional<error> fault_of(const list_groups_request& what) {
  return fault_of_time(what.within);
}

std::optional<error> fault_of(const describe_groups_request& what) {
  return either(what.within, fault_of_groups(what.groups));
}

std::optional<error> fault_of(const fetch_committed_offsets_request& what) {
  return either(what.within, fault_of_group(what.group));
}

std::optional<error> fault_of(const fetch_lag_request& what) {
  return either(what.within, fault_of_group(what.group));
}

std::optional<error> fault_of(const reset_offsets_request& what) {
  return either(what.within, fault_of_reset(what.what));
}

std::optional<error> fault_of(const delete_groups_request& what) {
  return either(what.within, fault_of_groups(what.groups));
}

std::optional<error> fault_of(const describe_cluster_request& what) {
  return fault_of_time(what.within);
}

} // namespace ottla::kafka
