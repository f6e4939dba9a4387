#include <ottla/kafka/admin/configs.hpp>
#include <ottla/kafka/admin/records.hpp>
#include <ottla/kafka/admin/topics.hpp>

#include "run/commands.hpp"
#include "text/table.hpp"
#include "text/utf8.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace command {

namespace kafka = ottla::kafka;

namespace {

std::string topic_of(const kafka::topic_outcome& outcome) {
  return outcome.topic;
}

/// Writes the outcomes of a change: `created orders`, or a document.
exit_status show_outcomes(session& with, const std::vector<kafka::topic_outcome>& outcomes,
                          std::string_view done) {
  if (with.writes_json()) {
    auto list = json::array();
    for (const auto& each : outcomes) {
      json one{{"topic", each.topic}, {"done", !each.failed}};
      if (each.failed)
        one["error"] = error_json(*each.failed);
      list.push_back(std::move(one));
    }
    write_json(with.out, {{"topics", list}});
  } else {
    for (const auto& each : outcomes)
      if (!each.failed)
        with.out.write(fmt::format("{} {}\n", done, printable(each.topic)));
  }
  return report_failures(with, outcomes, topic_of);
}

json to_json(const kafka::config_entry& entry) {
  return {{"name", entry.name},
          {"value", entry.value ? json(*entry.value) : json(nullptr)},
          {"source", to_string(entry.source)},
          {"sensitive", entry.is_sensitive},
          {"read_only", entry.is_read_only}};
}

/// The configs to show: all, or those that are set on the topic.
std::vector<kafka::config_entry> shown_configs(const kafka::topic_description& topic, bool all) {
  std::vector<kafka::config_entry> shown;
  std::ranges::copy_if(topic.configs, std::back_inserter(shown), [&](const auto& each) {
    return all || each.source == kafka::config_source::topic;
  });
  return shown;
}

json to_json(const kafka::topic_description& topic, bool all_configs) {
  json whole{{"name", topic.name}};
  if (topic.failed) {
    whole["error"] = error_json(*topic.failed);
    return whole;
  }
  whole["id"] = topic.id.empty() ? json(nullptr) : json(topic.id);
  auto& partitions = whole["partitions"] = json::array();
  for (const auto& each : topic.partitions)
    partitions.push_back({{"partition", each.partition},
                          {"leader", each.leader},
                          {"replicas", each.replicas},
                          {"in_sync", each.in_sync}});
  auto& configs = whole["configs"] = json::array();
  for (const auto& each : shown_configs(topic, all_configs))
    configs.push_back(to_json(each));
  if (topic.configs_failed)
    whole["configs_error"] = error_json(*topic.configs_failed);
  return whole;
}

std::string to_text(const kafka::topic_description& topic, bool all_configs) {
  using side = table::side;
  auto text = "topic " + printable(topic.name);
  if (!topic.id.empty())
    text += fmt::format(", id {}", printable(topic.id));
  text += '\n';
  table partitions{
    {{"PARTITION", side::right}, {"LEADER", side::right}, {"REPLICAS"}, {"IN SYNC"}}};
  for (const auto& each : topic.partitions)
    partitions.add({std::to_string(each.partition), std::to_string(each.leader),
                    fmt::format("{}", fmt::join(each.replicas, ",")),
                    fmt::format("{}", fmt::join(each.in_sync, ","))});
  text += partitions.text();
  const auto shown = shown_configs(topic, all_configs);
  if (shown.empty())
    return text;
  table configs{{{"CONFIG"}, {"VALUE"}, {"SOURCE"}}};
  for (const auto& each : shown)
    configs.add({each.name, each.value.value_or(each.is_sensitive ? "(secret)" : "(none)"),
                 std::string{to_string(each.source)}});
  return text + configs.text();
}

} // namespace

exit_status run(session& with, const list_topics&) {
  const auto topics = kafka::list_topics(with.cluster, with.common.timeout);
  if (!topics)
    return with.faults.fail(topics.error());
  if (with.writes_json()) {
    auto list = json::array();
    for (const auto& each : *topics)
      list.push_back({{"name", each.name}, {"partitions", each.partitions}});
    write_json(with.out, {{"topics", list}});
    return exit_status::ok;
  }
  table rows{{{"TOPIC"}, {"PARTITIONS", table::side::right}}};
  for (const auto& each : *topics)
    rows.add({each.name, std::to_string(each.partitions)});
  with.out.write(rows.text());
  return exit_status::ok;
}

exit_status run(session& with, const describe_topics& what) {
  const auto topics = kafka::describe_topics(with.cluster, what.topics, with.common.timeout);
  if (!topics)
    return with.faults.fail(topics.error());
  if (with.writes_json()) {
    auto list = json::array();
    for (const auto& each : *topics)
      list.push_back(to_json(each, what.all_configs));
    write_json(with.out, {{"topics", list}});
  } else {
    bool is_first = true;
    for (const auto& each : *topics)
      if (!each.failed)
        with.out.write((std::exchange(is_first, false) ? "" : "\n")
                       + to_text(each, what.all_configs));
  }
  for (const auto& each : *topics)
    if (each.configs_failed)
      with.faults.note(fmt::format("the configs of {} are unknown: {}", each.name,
                                   to_string(*each.configs_failed)));
  return report_failures(with, *topics, [](const auto& each) { return each.name; });
}

exit_status run(session& with, const find_topic& what) {
  const auto exists = kafka::topic_exists(with.cluster, what.topic, with.common.timeout);
  if (!exists)
    return with.faults.fail(exists.error());
  if (with.writes_json())
    write_json(with.out, {{"topic", what.topic}, {"exists", *exists}});
  else
    with.out.write(*exists ? "true\n" : "false\n");
  return *exists ? exit_status::ok : exit_status::nothing_found;
}

exit_status run(session& with, const create_topics& what) {
  std::vector<kafka::new_topic> topics;
  for (const auto& each : what.topics)
    topics.push_back({.name = each,
                      .partitions = what.partitions,
                      .replicas = what.replicas,
                      .configs = what.configs});
  auto outcomes = kafka::create_topics(with.cluster, topics, with.common.timeout);
  if (!outcomes)
    return with.faults.fail(outcomes.error());
  if (what.if_missing)
    for (auto& each : *outcomes)
      if (each.failed && each.failed->code == kafka::errc::topic_exists)
        each.failed = std::nullopt;
  return show_outcomes(with, *outcomes, what.if_missing ? "exists" : "created");
}

exit_status run(session& with, const delete_topics& what) {
  if (!what.confirmed)
    return need_confirmation(
      with, fmt::format("this deletes all records of {}", fmt::join(what.topics, ", ")));
  const auto outcomes = kafka::delete_topics(with.cluster, what.topics, with.common.timeout);
  if (!outcomes)
    return with.faults.fail(outcomes.error());
  return show_outcomes(with, *outcomes, "deleted");
}

exit_status run(session& with, const add_partitions& what) {
  const auto done
    = kafka::add_partitions(with.cluster, what.topic, what.partitions, with.common.timeout);
  if (!done)
    return with.faults.fail(done.error(), what.topic);
  if (with.writes_json())
    write_json(with.out, {{"topic", what.topic}, {"partitions", what.partitions}});
  else
    with.out.write(fmt::format("{} has {} partitions\n", printable(what.topic), what.partitions));
  return exit_status::ok;
}

exit_status run(session& with, const alter_topic_config& what) {
  const auto done = kafka::alter_configs(with.cluster, kafka::topic_configs{what.topic},
                                         what.changes, with.common.timeout);
  if (!done)
    return with.faults.fail(done.error(), what.topic);
  if (with.writes_json())
    write_json(with.out, {{"topic", what.topic}, {"changes", what.changes.size()}});
  else
    with.out.write(fmt::format("changed {}\n", printable(what.topic)));
  return exit_status::ok;
}

exit_status run(session& with, const delete_topic_records& what) {
  if (!what.confirmed)
    return need_confirmation(
      with, fmt::format("this deletes the records of {} before {}", what.topic,
                        what.before ? fmt::format("offset {}", *what.before) : "the end"));
  auto partitions = what.partitions;
  if (partitions.empty()) {
    const auto count = kafka::count_partitions(with.cluster, what.topic, with.common.timeout);
    if (!count)
      return with.faults.fail(count.error(), what.topic);
    for (std::int32_t each = 0; each < *count; ++each)
      partitions.push_back(each);
  }
  std::vector<kafka::records_before> records;
  for (const auto each : partitions)
    records.push_back({.where = {what.topic, each}, .offset = what.before});
  const auto outcomes = kafka::delete_records(with.cluster, records, with.common.timeout);
  if (!outcomes)
    return with.faults.fail(outcomes.error());
  if (with.writes_json()) {
    auto list = json::array();
    for (const auto& each : *outcomes) {
      json one{{"topic", each.where.topic},
               {"partition", each.where.partition},
               {"log_begin", each.log_begin}};
      if (each.failed)
        one["error"] = error_json(*each.failed);
      list.push_back(std::move(one));
    }
    write_json(with.out, {{"partitions", list}});
  } else {
    for (const auto& each : *outcomes)
      if (!each.failed)
        with.out.write(
          fmt::format("{} begins at {}\n", printable(to_string(each.where)), each.log_begin));
  }
  return report_failures(with, *outcomes, [](const auto& each) { return to_string(each.where); });
}

} // namespace command
