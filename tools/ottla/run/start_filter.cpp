#include "run/start_filter.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace command {

namespace kafka = ottla::kafka;

start_filter::start_filter(start_offset from, const partition_offsets& ends)
  : from_{std::move(from)} {
  if (std::holds_alternative<kafka::at_offset>(from_)
      || std::holds_alternative<kafka::since>(from_))
    for (const auto& [partition, end] : ends)
      before_start_.insert(partition);
}

bool start_filter::admits(const kafka::message& what, const kafka::topic_partition& from) {
  if (before_start_.empty()) [[likely]]
    return true;
  if (!before_start_.contains(from.partition))
    return true;
  if (const auto* number = std::get_if<kafka::at_offset>(&from_)) {
    if (what.offset() < number->offset)
      return false;
  } else if (const auto* time = std::get_if<kafka::since>(&from_)) {
    if (what.timestamp() && *what.timestamp() < time->when)
      return false;
  }
  before_start_.erase(from.partition);
  return true;
}

kafka::begin_offset first_offset(const start_offset& from, const partition_offsets& ends,
                                 std::int32_t partition) {
  const auto found = ends.find(partition);
  if (found == ends.end())
    return kafka::earliest{};
  const auto end = found->second;
  if (std::holds_alternative<kafka::latest>(from))
    return kafka::at_offset{end};
  if (const auto* number = std::get_if<kafka::at_offset>(&from))
    return kafka::at_offset{std::min(number->offset, end)};
  if (const auto* last = std::get_if<before_end>(&from))
    return kafka::at_offset{end - std::min(last->offsets, end)};
  if (const auto* time = std::get_if<kafka::since>(&from))
    return *time;
  return kafka::earliest{};
}

} // namespace command
