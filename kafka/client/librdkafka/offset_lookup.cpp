#include <ottla/kafka/client/librdkafka/errors.hpp>
#include <ottla/kafka/client/librdkafka/offset_lookup.hpp>
#include <ottla/kafka/client/librdkafka/partition_list.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <variant>

namespace ottla::kafka {

namespace {

constexpr int group_timeout_ms = 10'000;
constexpr int partition_timeout_ms = 5'000;
constexpr int leaders_timeout_ms = 2'000;

struct log_range {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

using offset_or_error = std::variant<std::int64_t, error>;

beginning unresolved(const topic_partition& at, error why) {
  return {.at = at, .failed = std::move(why)};
}

/// One whose leader is away must not hold up all others. Where its log does not hold that any more,
/// the fetch will fail, and the next member ask again.
beginning where_committed(const topic_partition& at, std::int64_t committed, error why) {
  auto answer = unresolved(at, std::move(why));
  if (committed >= 0)
    answer.offset = answer.committed = committed;
  return answer;
}

/// Where a topic's partitions are led, asked anew. What the handle knows may be older than the
/// death of a leader: it asks by itself when it loses a connection, which is before there is
/// another leader.
void refresh_leaders(rd_kafka_t* consumer, const std::string& topic) {
  auto* const of = rd_kafka_topic_new(consumer, topic.c_str(), nullptr);
  if (of == nullptr)
    return;
  const rd_kafka_metadata_t* found = nullptr;
  // A failure shows in what is asked next.
  if (rd_kafka_metadata(consumer, 0, of, &found, leaders_timeout_ms) == RD_KAFKA_RESP_ERR_NO_ERROR)
    rd_kafka_metadata_destroy(found);
  rd_kafka_topic_destroy(of);
}

void refresh_leaders(rd_kafka_t* consumer, std::span<const topic_partition> of) {
  std::set<std::string> topics;
  for (const auto& each : of)
    if (topics.insert(each.topic).second)
      refresh_leaders(consumer, each.topic);
}

/// `when`: milliseconds, or one of Kafka's names for the ends of a log. Answers -1 where the log
/// has nothing from then on. Within the timeout, unlike rd_kafka_query_watermark_offsets: where the
/// leader that the handle knows of is gone, that waits for minutes.
offset_or_error ask_for_offset(rd_kafka_t* consumer, const topic_partition& which,
                               std::int64_t when) {
  const auto list = make_partition_list(which, when);
  auto code = rd_kafka_offsets_for_times(consumer, list.get(), partition_timeout_ms);
  const auto& found = entries(list.get()).front();
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
    code = found.err;
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return to_error(code);
  return found.offset;
}

/// A broker did not answer in time. Whoever has waited for one need not wait for the next: what
/// else it leads would take as long, and by the next time others may lead it.
bool is_silence(const std::optional<error>& what) {
  return what && (what->code == errc::timed_out || what->code == errc::unreachable);
}

offset_or_error ask_for_end(rd_kafka_t* consumer, const topic_partition& which, std::int64_t end) {
  auto answer = ask_for_offset(consumer, which, end);
  if (const auto* found = std::get_if<std::int64_t>(&answer); found != nullptr && *found < 0)
    return to_error(RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE);
  return answer;
}

// One after the other: rd_kafka_query_watermark_offsets asks for both ends at once, and where the
// first answer is a failure and the second is not, it tells of an empty log, which begins where the
// real one ends. All that is in it would be skipped.
std::variant<log_range, error> range_of(rd_kafka_t* consumer, const topic_partition& which) {
  const auto low = ask_for_end(consumer, which, RD_KAFKA_OFFSET_BEGINNING);
  if (const auto* why = std::get_if<error>(&low))
    return *why;
  const auto high = ask_for_end(consumer, which, RD_KAFKA_OFFSET_END);
  if (const auto* why = std::get_if<error>(&high))
    return *why;
  return log_range{std::get<std::int64_t>(low), std::get<std::int64_t>(high)};
}

offset_or_error first_at(rd_kafka_t* consumer, const topic_partition& which, const since& from,
                         const log_range& range) {
  const auto when
    = std::chrono::duration_cast<std::chrono::milliseconds>(from.when.time_since_epoch());
  // Numbers below zero are no times for Kafka: -1 is the end of the log, for one.
  if (when.count() < 0)
    return range.low;
  auto answer = ask_for_offset(consumer, which, when.count());
  if (const auto* found = std::get_if<std::int64_t>(&answer); found != nullptr && *found < 0)
    return range.high;
  return answer;
}

offset_or_error begin_of(rd_kafka_t* consumer, const topic_partition& which,
                         const begin_offset& where, const log_range& range) {
  if (std::holds_alternative<earliest>(where))
    return range.low;
  if (std::holds_alternative<latest>(where))
    return range.high;
  if (const auto* number = std::get_if<at_offset>(&where))
    return number->offset;
  return first_at(consumer, which, std::get<since>(where), range);
}

beginning resolve(rd_kafka_t* consumer, const topic_partition& which, std::int64_t committed,
                  const beginning_rules& rules) {
  const auto range = range_of(consumer, which);
  if (const auto* why = std::get_if<error>(&range))
    return where_committed(which, committed, *why);
  const auto& log = std::get<log_range>(range);
  const auto is_in_log
    = [&](std::int64_t offset) { return offset >= log.low && offset <= log.high; };
  const auto wanted
    = committed >= 0 ? offset_or_error{committed} : begin_of(consumer, which, rules.otherwise, log);
  if (const auto* why = std::get_if<error>(&wanted))
    return unresolved(which, *why);
  beginning answer{.at = which,
                   .offset = std::get<std::int64_t>(wanted),
                   .committed = committed >= 0 ? committed : -1,
                   .log_begin = log.low,
                   .log_end = log.high};
  if (is_in_log(answer.offset))
    return answer;
  answer.missing = answer.offset;
  const auto instead = begin_of(consumer, which, rules.when_missing, log);
  if (const auto* why = std::get_if<error>(&instead))
    return unresolved(which, *why);
  answer.offset = std::clamp(std::get<std::int64_t>(instead), log.low, log.high);
  return answer;
}

} // namespace

std::vector<beginning> look_up_beginnings(rd_kafka_t* consumer,
                                          std::span<const topic_partition> partitions,
                                          const beginning_rules& rules,
                                          const std::function<bool()>& give_up) {
  std::vector<beginning> answer;
  if (partitions.empty())
    return answer;
  const auto committed = make_partition_list(partitions);
  const auto code = rd_kafka_committed(consumer, committed.get(), group_timeout_ms);
  refresh_leaders(consumer, partitions);
  for (const auto& each : partitions) {
    const auto* group = find(committed.get(), each);
    if (give_up())
      answer.push_back(unresolved(each, to_error(RD_KAFKA_RESP_ERR__DESTROY)));
    else if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
      answer.push_back(unresolved(each, to_error(code)));
    else if (group->err != RD_KAFKA_RESP_ERR_NO_ERROR)
      answer.push_back(unresolved(each, to_error(group->err)));
    else if (!answer.empty() && is_silence(answer.back().failed))
      answer.push_back(where_committed(each, group->offset, *answer.back().failed));
    else
      answer.push_back(resolve(consumer, each, group->offset, rules));
  }
  return answer;
}

std::vector<position> look_up_ends(rd_kafka_t* consumer,
                                   std::span<const topic_partition> partitions,
                                   const std::function<bool()>& give_up) {
  std::vector<position> answer;
  refresh_leaders(consumer, partitions);
  for (const auto& each : partitions) {
    const auto end = [&]() -> offset_or_error {
      if (give_up())
        return to_error(RD_KAFKA_RESP_ERR__DESTROY);
      if (!answer.empty() && is_silence(answer.back().failed))
        return *answer.back().failed;
      return ask_for_end(consumer, each, RD_KAFKA_OFFSET_END);
    }();
    if (const auto* why = std::get_if<error>(&end))
      answer.push_back({.at = each, .offset = -1, .failed = *why});
    else
      answer.push_back({.at = each, .offset = std::get<std::int64_t>(end)});
  }
  return answer;
}

} // namespace ottla::kafka
