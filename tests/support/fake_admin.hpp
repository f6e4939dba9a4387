#pragma once

#include <ottla/kafka/internal/driver/admin_session.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ottla::kafka::test {

/// A fake of a cluster for admin requests, for one thread. The test sets the state. `asked` records
/// the requests as lines.
class fake_admin : public admin_session {
public:
  std::vector<std::string> asked;
  /// Fails every request.
  std::optional<error> down;
  /// Fails everything except for requests of metadata, like the embedded cluster.
  std::optional<error> unsupported;
  cluster_view view;
  std::map<std::string, std::string> ids;
  std::map<std::string, std::vector<config_entry>> configs;
  std::map<std::string, group_description> groups;
  std::map<std::string, std::map<topic_partition, std::int64_t>> committed;
  struct log {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    /// The answer to each look-up by time.
    std::int64_t since = -1;
    std::optional<error> failed;
  };
  std::map<topic_partition, log> logs;
  /// Partitions whose commit fails.
  std::map<topic_partition, error> rejected_commits;

  result<cluster_view> read_cluster() override {
    asked.emplace_back("read cluster");
    if (down)
      return *down;
    return view;
  }

  std::map<std::string, std::string> find_ids(std::span<const std::string>) override { return ids; }

  result<std::vector<topic_outcome>> create_topics(std::span<const new_topic> topics) override {
    return outcomes("create", topics, [this](const new_topic& one) {
      view.topics.push_back({.name = one.name});
      std::ranges::sort(view.topics, {}, &topic_description::name);
      return one.name;
    });
  }

  result<std::vector<topic_outcome>> delete_topics(std::span<const std::string> topics) override {
    return outcomes("delete", topics, [this](const std::string& name) {
      std::erase_if(view.topics, [&](const auto& one) { return one.name == name; });
      return name;
    });
  }

  result<void> add_partitions(const std::string& topic, std::int32_t total) override {
    asked.push_back("add partitions " + topic + ' ' + std::to_string(total));
    if (auto why = refused())
      return *why;
    return {};
  }

  result<std::vector<configs_or_error>>
  describe_configs(std::span<const config_owner> owners) override {
    asked.emplace_back("describe configs");
    if (auto why = refused())
      return *why;
    std::vector<configs_or_error> answer;
    for (const auto& each : owners)
      answer.emplace_back(configs[to_string(each)]);
    return answer;
  }

  result<void> alter_configs(const config_owner& owner, std::span<const config_change>) override {
    asked.push_back("alter configs of " + to_string(owner));
    if (auto why = refused())
      return *why;
    return {};
  }

  result<std::vector<records_deleted>>
  delete_records(std::span<const records_before> records) override {
    asked.emplace_back("delete records");
    if (auto why = refused())
      return *why;
    std::vector<records_deleted> answer;
    for (const auto& each : records)
      answer.push_back({.where = each.where, .log_begin = each.offset.value_or(0)});
    return answer;
  }

  result<group_list> list_groups() override {
    asked.emplace_back("list groups");
    if (auto why = refused())
      return *why;
    group_list answer;
    for (const auto& [name, one] : groups)
      answer.groups.push_back({.name = name, .state = one.state});
    return answer;
  }

  result<std::vector<group_description>>
  describe_groups(std::span<const std::string> names) override {
    asked.emplace_back("describe groups");
    if (auto why = refused())
      return *why;
    std::vector<group_description> answer;
    for (const auto& name : names)
      if (const auto found = groups.find(name); found != groups.end())
        answer.push_back(found->second);
      else
        answer.push_back({.name = name, .failed = error{.code = errc::unknown_group}});
    return answer;
  }

  result<std::vector<group_outcome>> delete_groups(std::span<const std::string> names) override {
    asked.emplace_back("delete groups");
    if (auto why = refused())
      return *why;
    std::vector<group_outcome> answer;
    for (const auto& name : names)
      answer.push_back({.group = name});
    return answer;
  }

  result<std::vector<partition_offset>> read_committed(const std::string& group) override {
    asked.push_back("read committed of " + group);
    if (auto why = refused())
      return *why;
    std::vector<partition_offset> answer;
    for (const auto& [where, offset] : committed[group])
      answer.push_back({.where = where, .offset = offset});
    return answer;
  }

  result<std::vector<partition_offset>> commit(const std::string& group,
                                               std::span<const partition_offset> offsets) override {
    asked.push_back("commit " + group);
    if (auto why = refused())
      return *why;
    std::vector<partition_offset> answer{offsets.begin(), offsets.end()};
    for (auto& each : answer)
      if (const auto wrong = rejected_commits.find(each.where); wrong != rejected_commits.end())
        each.failed = wrong->second;
      else
        committed[group][each.where] = each.offset;
    return answer;
  }

  result<std::vector<partition_offset>> find_offsets(std::span<const topic_partition> partitions,
                                                     const log_point& where) override {
    if (down)
      return *down;
    std::vector<partition_offset> answer;
    for (const auto& each : partitions) {
      const auto& one = logs[each];
      const auto offset = std::holds_alternative<earliest>(where) ? one.begin
                          : std::holds_alternative<latest>(where) ? one.end
                                                                  : one.since;
      answer.push_back({.where = each, .offset = offset, .failed = one.failed});
    }
    return answer;
  }

private:
  std::optional<error> refused() const { return down ? down : unsupported; }

  template <class Items, class Change>
  result<std::vector<topic_outcome>> outcomes(const std::string& what, const Items& items,
                                              Change change) {
    asked.push_back(what);
    if (auto why = refused())
      return *why;
    std::vector<topic_outcome> answer;
    for (const auto& each : items) {
      answer.push_back({.topic = change(each)});
      asked.back() += ' ' + answer.back().topic;
    }
    return answer;
  }
};

} // namespace ottla::kafka::test
