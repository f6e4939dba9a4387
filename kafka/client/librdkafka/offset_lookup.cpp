#include <ottla/kafka/client/librdkafka/errors.hpp>
#include <ottla/kafka/client/librdkafka/offset_lookup.hpp>
#include <ottla/kafka/client/librdkafka/partition_list.hpp>

#include <string>
#include <variant>

namespace ottla::kafka {

namespace {

constexpr int group_timeout_ms = 10'000;
constexpr int partition_timeout_ms = 5'000;

struct log_range {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

using offset_or_error = std::variant<std::int64_t, error>;

position unresolved(const topic_partition& at, error why) {
  return {.at = at, .offset = -1, .failed = std::move(why)};
}

std::variant<log_range, error> range_of(rd_kafka_t* consumer, const topic_partition& which) {
  log_range range;
  const auto code = rd_kafka_query_watermark_offsets(consumer, which.topic.c_str(), which.partition,
                                                     &range.low, &range.high, partition_timeout_ms);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return to_error(code);
  return range;
}

offset_or_error first_at(rd_kafka_t* consumer, const topic_partition& which, const since& from,
                         const log_range& range) {
  const auto when
    = std::chrono::duration_cast<std::chrono::milliseconds>(from.when.time_since_epoch());
  const auto list = make_partition_list(which, when.count());
  auto code = rd_kafka_offsets_for_times(consumer, list.get(), partition_timeout_ms);
  const auto& found = entries(list.get()).front();
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
    code = found.err;
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return to_error(code);
  return found.offset >= 0 ? found.offset : range.high;
}

offset_or_error begin_of(rd_kafka_t* consumer, const topic_partition& which,
                         const begin_offset& where, const log_range& range) {
  if (std::holds_alternative<earliest>(where))
    return range.low;
  if (std::holds_alternative<latest>(where))
    return range.high;
  return first_at(consumer, which, std::get<since>(where), range);
}

error left_behind(std::int64_t committed, std::int64_t begin, const log_range& range) {
  return {.code = errc::offset_out_of_range,
          .text = "committed offset " + std::to_string(committed) + " is outside of "
                  + std::to_string(range.low) + ".." + std::to_string(range.high)
                  + ", beginning at " + std::to_string(begin)};
}

position resolve(rd_kafka_t* consumer, const topic_partition& which, std::int64_t committed,
                 const begin_offset& otherwise) {
  const auto range = range_of(consumer, which);
  if (const auto* why = std::get_if<error>(&range))
    return unresolved(which, *why);
  const auto& log = std::get<log_range>(range);
  if (committed >= log.low && committed <= log.high)
    return {.at = which, .offset = committed};
  const auto begin = begin_of(consumer, which, otherwise, log);
  if (const auto* why = std::get_if<error>(&begin))
    return unresolved(which, *why);
  position answer{.at = which, .offset = std::get<std::int64_t>(begin)};
  if (committed >= 0)
    answer.failed = left_behind(committed, answer.offset, log);
  return answer;
}

} // namespace

std::vector<position> look_up_offsets(rd_kafka_t* consumer,
                                      std::span<const topic_partition> partitions,
                                      const begin_offset& otherwise,
                                      const std::function<bool()>& give_up) {
  std::vector<position> answer;
  const auto committed = make_partition_list(partitions);
  const auto code = rd_kafka_committed(consumer, committed.get(), group_timeout_ms);
  for (const auto& each : partitions) {
    const auto* group = find(committed.get(), each);
    if (give_up())
      answer.push_back(unresolved(each, to_error(RD_KAFKA_RESP_ERR__DESTROY)));
    else if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
      answer.push_back(unresolved(each, to_error(code)));
    else if (group->err != RD_KAFKA_RESP_ERR_NO_ERROR)
      answer.push_back(unresolved(each, to_error(group->err)));
    else
      answer.push_back(resolve(consumer, each, group->offset, otherwise));
  }
  return answer;
}

} // namespace ottla::kafka
