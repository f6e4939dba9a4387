#include <ottla/kafka/internal/driver/offset_reset.hpp>

#include <algorithm>
#include <variant>

namespace ottla::kafka {

begin_offset first_choice(const topic_partition& which, const group_state& group,
                          const begin_offset& otherwise) {
  if (group.committed >= 0)
    return at_offset{group.committed};
  const bool is_new = group.first_partitions && which.partition >= *group.first_partitions;
  if (is_new && std::holds_alternative<latest>(otherwise))
    return earliest{};
  return otherwise;
}

namespace {

bool is_of_another_log(const group_state& group, const log_range& log) {
  return group.is_lost || (log.epoch >= 0 && log.epoch < group.epoch);
}

} // namespace

beginning begin_at(const topic_partition& which, const group_state& group, const log_range& log,
                   std::int64_t wanted) {
  beginning answer{.at = which,
                   .offset = wanted,
                   .committed = group.committed,
                   .log_begin = log.low,
                   .log_end = log.high};
  if (!log.holds(wanted) || (wanted == group.committed && is_of_another_log(group, log)))
    answer.missing = wanted;
  return answer;
}

void begin_instead(beginning& where, std::int64_t offset) {
  where.offset = std::clamp(offset, where.log_begin, where.log_end);
}

} // namespace ottla::kafka
