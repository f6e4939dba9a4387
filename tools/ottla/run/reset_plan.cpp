#include "run/reset_plan.hpp"

#include <ottla/kafka/admin/groups.hpp>
#include <ottla/kafka/fetch/stream.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <variant>

namespace command {

namespace kafka = ottla::kafka;

namespace {

using places = std::set<kafka::topic_partition>;

/// Opens a stream only to learn the ranges of the partitions. Reads no record.
kafka::result<kafka::stream> opened(const session& with, const std::string& topic,
                                    const kafka::begin_offset& from) {
  // Kafka's high watermark bounds committed offsets, so records of open transactions count.
  return kafka::open_stream(with.cluster, {.topic = topic, .from = from, .read_committed = false},
                            with.common.timeout);
}

kafka::result<std::map<std::int32_t, log_range>>
logs_of(const session& with, const std::string& topic, const kafka::reset_point& to) {
  const auto whole = opened(with, topic, kafka::earliest{});
  if (!whole)
    return whole.error();
  std::map<std::int32_t, log_range> logs;
  for (const auto& each : whole->progress())
    logs[each.at.partition] = {.begin = each.first, .end = each.end};
  if (const auto* when = std::get_if<kafka::since>(&to)) {
    const auto later = opened(with, topic, *when);
    if (!later)
      return later.error();
    for (const auto& each : later->progress())
      logs[each.at.partition].since = each.first;
  }
  return logs;
}

std::set<std::string> topics_of(const kafka::group_reset& what,
                                const std::map<kafka::topic_partition, std::int64_t>& committed) {
  std::set<std::string> topics{what.topics.begin(), what.topics.end()};
  for (const auto& each : what.partitions)
    topics.insert(each.topic);
  if (topics.empty())
    for (const auto& [where, offset] : committed)
      topics.insert(where.topic);
  return topics;
}

} // namespace

std::optional<std::int64_t> planned_offset(const kafka::reset_point& to, const log_range& log,
                                           std::optional<std::int64_t> committed) {
  auto offset = log.begin;
  if (std::holds_alternative<kafka::latest>(to))
    offset = log.end;
  else if (std::holds_alternative<kafka::since>(to))
    offset = log.since;
  else if (const auto* number = std::get_if<kafka::at_offset>(&to))
    offset = number->offset;
  else if (const auto* shift = std::get_if<kafka::shift_by>(&to)) {
    if (!committed)
      return std::nullopt;
    // The distances to the ends of the log, so that no sum overflows.
    if (shift->offsets >= 0)
      offset = shift->offsets > log.end - *committed ? log.end : *committed + shift->offsets;
    else
      offset = shift->offsets < log.begin - *committed ? log.begin : *committed + shift->offsets;
  }
  return std::clamp(offset, log.begin, std::max(log.begin, log.end));
}

kafka::result<std::vector<kafka::partition_reset>> plan_reset(const session& with,
                                                              const kafka::group_reset& what) {
  const auto offsets
    = kafka::fetch_committed_offsets(with.cluster, what.group, with.common.timeout);
  if (!offsets)
    return offsets.error();
  std::map<kafka::topic_partition, std::int64_t> committed;
  for (const auto& each : *offsets)
    if (!each.failed)
      committed[each.where] = each.offset;

  const bool has_scope = !what.topics.empty() || !what.partitions.empty();
  const auto is_wanted = [&](const kafka::topic_partition& where) {
    if (!has_scope)
      return committed.contains(where);
    return std::ranges::find(what.topics, where.topic) != what.topics.end()
           || std::ranges::find(what.partitions, where) != what.partitions.end();
  };
  std::vector<kafka::partition_reset> plan;
  for (const auto& topic : topics_of(what, committed)) {
    const auto logs = logs_of(with, topic, what.to);
    if (!logs) {
      plan.push_back({.where = {topic, -1}, .failed = logs.error()});
      continue;
    }
    for (const auto& [partition, log] : *logs) {
      const kafka::topic_partition where{topic, partition};
      if (!is_wanted(where))
        continue;
      kafka::partition_reset one{.where = where};
      if (const auto found = committed.find(where); found != committed.end())
        one.before = found->second;
      if (const auto offset = planned_offset(what.to, log, one.before))
        one.after = *offset;
      else
        one.failed = kafka::error{.code = kafka::errc::offset_out_of_range,
                                  .text = "the group has no committed offset to move"};
      plan.push_back(std::move(one));
    }
  }
  for (const auto& each : what.partitions)
    if (std::ranges::find(plan, each, &kafka::partition_reset::where) == plan.end()
        && std::ranges::none_of(plan, [&](const auto& other) {
             return other.failed && other.where.topic == each.topic && other.where.partition < 0;
           }))
      plan.push_back({.where = each,
                      .failed = kafka::error{.code = kafka::errc::unknown_topic,
                                             .text = "the partition does not exist"}});
  return plan;
}

} // namespace command
