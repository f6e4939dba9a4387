#include <ottla/kafka/admin/groups.hpp>

#include "run/commands.hpp"
#include "run/reset_plan.hpp"
#include "text/table.hpp"
#include "text/utf8.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <utility>

namespace command {

namespace kafka = ottla::kafka;

namespace {

std::string place_of(const auto& item) {
  return to_string(item.where);
}

json place_json(const kafka::topic_partition& where) {
  return {{"topic", where.topic}, {"partition", where.partition}};
}

/// `orders 0,1,2; payments 4`
std::string assignment_text(const std::vector<kafka::topic_partition>& assignment) {
  std::map<std::string, std::vector<std::int32_t>> by_topic;
  for (const auto& each : assignment)
    by_topic[each.topic].push_back(each.partition);
  std::string text;
  for (const auto& [topic, partitions] : by_topic)
    text += fmt::format("{}{} {}", text.empty() ? "" : "; ", topic, fmt::join(partitions, ","));
  return text;
}

json group_json(const kafka::group_description& group) {
  json whole{{"name", group.name}};
  if (group.failed) {
    whole["error"] = error_json(*group.failed);
    return whole;
  }
  whole["state"] = to_string(group.state);
  whole["protocol"] = group.protocol;
  whole["coordinator"] = group.coordinator;
  auto& members = whole["members"] = json::array();
  for (const auto& each : group.members) {
    json member{{"id", each.id}, {"client_id", each.client_id}, {"host", each.host}};
    if (!each.instance.empty())
      member["instance"] = each.instance;
    auto& assignment = member["assignment"] = json::array();
    for (const auto& where : each.assignment)
      assignment.push_back(place_json(where));
    members.push_back(std::move(member));
  }
  return whole;
}

std::string group_text(const kafka::group_description& group) {
  auto text = fmt::format("group {}, {}, coordinator {}", printable(group.name),
                          to_string(group.state), group.coordinator);
  if (!group.protocol.empty())
    text += fmt::format(", protocol {}", printable(group.protocol));
  text += '\n';
  if (group.members.empty())
    return text + "no members\n";
  table members{{{"MEMBER"}, {"INSTANCE"}, {"CLIENT"}, {"HOST"}, {"PARTITIONS"}}};
  for (const auto& each : group.members)
    members.add({each.id, each.instance.empty() ? "-" : each.instance, each.client_id, each.host,
                 assignment_text(each.assignment)});
  return text + members.text();
}

exit_status show_resets(session& with, const std::vector<kafka::partition_reset>& resets,
                        bool is_plan) {
  if (with.writes_json()) {
    auto list = json::array();
    for (const auto& each : resets) {
      auto one = place_json(each.where);
      one["before"] = each.before ? json(*each.before) : json(nullptr);
      if (each.failed)
        one["error"] = error_json(*each.failed);
      else
        one["after"] = each.after;
      list.push_back(std::move(one));
    }
    write_json(with.out, {{"done", !is_plan}, {"partitions", list}});
  } else {
    using side = table::side;
    table rows{{{"TOPIC"},
                {"PARTITION", side::right},
                {"BEFORE", side::right},
                {is_plan ? "PLANNED" : "AFTER", side::right}}};
    for (const auto& each : resets)
      if (!each.failed)
        rows.add({each.where.topic, std::to_string(each.where.partition),
                  each.before ? std::to_string(*each.before) : "-", std::to_string(each.after)});
    with.out.write(rows.text());
  }
  return report_failures(with, resets, [](const auto& each) {
    // A topic that cannot be looked up has no partition.
    return each.where.partition < 0 ? each.where.topic : place_of(each);
  });
}

/// Says why nothing was changed, and what would make the reset fail.
void explain_plan(session& with, const std::string& group) {
  const auto described = kafka::describe_groups(with.cluster, {group}, with.common.timeout);
  if (described && !described->front().members.empty())
    with.faults.note(fmt::format("a reset needs a group without members, and this group has {}",
                                 described->front().members.size()));
  with.faults.note("nothing was changed: add --yes to commit these offsets");
}

} // namespace

exit_status run(session& with, const list_groups&) {
  const auto groups = kafka::list_groups(with.cluster, with.common.timeout);
  if (!groups)
    return with.faults.fail(groups.error());
  if (with.writes_json()) {
    auto list = json::array();
    for (const auto& each : groups->groups)
      list.push_back(
        {{"name", each.name}, {"state", to_string(each.state)}, {"simple", each.is_simple}});
    write_json(with.out, {{"groups", list}});
  } else {
    table rows{{{"GROUP"}, {"STATE"}}};
    for (const auto& each : groups->groups)
      rows.add({each.name, std::string{to_string(each.state)}});
    with.out.write(rows.text());
  }
  auto status = exit_status::ok;
  for (const auto& each : groups->failures)
    status = first_failure(status, with.faults.fail(each, "some groups are missing"));
  return status;
}

exit_status run(session& with, const describe_groups& what) {
  const auto groups = kafka::describe_groups(with.cluster, what.groups, with.common.timeout);
  if (!groups)
    return with.faults.fail(groups.error());
  if (with.writes_json()) {
    auto list = json::array();
    for (const auto& each : *groups)
      list.push_back(group_json(each));
    write_json(with.out, {{"groups", list}});
  } else {
    bool is_first = true;
    for (const auto& each : *groups)
      if (!each.failed)
        with.out.write((std::exchange(is_first, false) ? "" : "\n") + group_text(each));
  }
  return report_failures(with, *groups, [](const auto& each) { return each.name; });
}

exit_status run(session& with, const show_lag& what) {
  const auto lags = kafka::fetch_lag(with.cluster, what.group, with.common.timeout);
  if (!lags)
    return with.faults.fail(lags.error(), what.group);
  std::int64_t total = 0;
  for (const auto& each : *lags)
    total += each.lag;
  if (with.writes_json()) {
    auto list = json::array();
    for (const auto& each : *lags) {
      auto one = place_json(each.where);
      one["committed"] = each.committed;
      if (each.failed) {
        one["error"] = error_json(*each.failed);
      } else {
        one["begin"] = each.begin;
        one["end"] = each.end;
        one["lag"] = each.lag;
      }
      list.push_back(std::move(one));
    }
    write_json(with.out, {{"group", what.group}, {"lag", total}, {"partitions", list}});
  } else {
    using side = table::side;
    table rows{{{"TOPIC"},
                {"PARTITION", side::right},
                {"COMMITTED", side::right},
                {"END", side::right},
                {"LAG", side::right}}};
    for (const auto& each : *lags)
      if (!each.failed)
        rows.add({each.where.topic, std::to_string(each.where.partition),
                  std::to_string(each.committed), std::to_string(each.end),
                  std::to_string(each.lag)});
    with.out.write(rows.text() + fmt::format("total lag {}\n", total));
  }
  return report_failures(with, *lags, [](const auto& each) { return place_of(each); });
}

exit_status run(session& with, const reset_group& what) {
  const kafka::group_reset reset{
    .group = what.group, .to = what.to, .topics = what.topics, .partitions = what.partitions};
  const auto resets = what.confirmed
                        ? kafka::reset_offsets(with.cluster, reset, with.common.timeout)
                        : plan_reset(with, reset);
  if (!resets)
    return with.faults.fail(resets.error(), what.group);
  if (resets->empty())
    return with.faults.fail(exit_status::failed,
                            fmt::format("the group \"{}\" has no committed offsets: name topics "
                                        "with --topic",
                                        printable(what.group)));
  const auto status = show_resets(with, *resets, !what.confirmed);
  if (!what.confirmed)
    explain_plan(with, what.group);
  return status;
}

exit_status run(session& with, const delete_groups& what) {
  if (!what.confirmed)
    return need_confirmation(
      with, fmt::format("this deletes all committed offsets of {}", fmt::join(what.groups, ", ")));
  const auto outcomes = kafka::delete_groups(with.cluster, what.groups, with.common.timeout);
  if (!outcomes)
    return with.faults.fail(outcomes.error());
  if (with.writes_json()) {
    auto list = json::array();
    for (const auto& each : *outcomes) {
      json one{{"group", each.group}, {"done", !each.failed}};
      if (each.failed)
        one["error"] = error_json(*each.failed);
      list.push_back(std::move(one));
    }
    write_json(with.out, {{"groups", list}});
  } else {
    for (const auto& each : *outcomes)
      if (!each.failed)
        with.out.write(fmt::format("deleted {}\n", printable(each.group)));
  }
  return report_failures(with, *outcomes, [](const auto& each) { return each.group; });
}

} // namespace command
