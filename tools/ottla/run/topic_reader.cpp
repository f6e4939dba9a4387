#include "run/topic_reader.hpp"

#include <algorithm>

namespace command {

namespace kafka = ottla::kafka;

topic_reader::topic_reader(const session& with, std::string topic,
                           std::vector<std::int32_t> partitions, bool read_uncommitted)
  : with_{with},
    topic_{std::move(topic)},
    partitions_{std::move(partitions)},
    read_uncommitted_{read_uncommitted} {}

kafka::stream_settings topic_reader::range(std::vector<std::int32_t> partitions,
                                           kafka::begin_offset from,
                                           kafka::end_offset until) const {
  return {.topic = topic_,
          .partitions = std::move(partitions),
          .from = from,
          .until = until,
          .read_committed = !read_uncommitted_,
          .patience = with_.common.timeout,
          .on_progress = progress_};
}

kafka::result<partition_offsets> topic_reader::ends() const {
  auto settings = range(partitions_, kafka::latest{}, kafka::latest{});
  settings.on_progress = nullptr;
  const auto opened = kafka::open_stream(with_.cluster, settings, with_.common.timeout);
  if (!opened)
    return opened.error();
  partition_offsets ends;
  for (const auto& each : opened->progress())
    ends[each.at.partition] = each.end;
  return ends;
}

std::optional<kafka::error> topic_reader::read(const kafka::stream_settings& range,
                                               const taker& take) {
  auto records = kafka::open_stream(with_.cluster, range, with_.common.timeout);
  if (!records)
    return records.error();
  for (const auto& each : *records)
    if (!take(each)) {
      stopped_ = true;
      return std::nullopt;
    }
  for (const auto& each : records->progress())
    next_[each.at.partition] = each.next;
  return records->failure();
}

std::optional<kafka::error> topic_reader::read(const start_offset& from,
                                               const kafka::end_offset& until, const taker& take) {
  if (const auto* last = std::get_if<before_end>(&from)) {
    const auto found = ends();
    if (!found)
      return found.error();
    for (const auto& [partition, end] : *found) {
      const auto first = end - std::min(last->offsets, end);
      if (auto failed = read(range({partition}, kafka::at_offset{first}, until), take))
        return failed;
      if (stopped_)
        break;
    }
    return std::nullopt;
  }
  const auto begin = std::visit(
    [](const auto& each) -> kafka::begin_offset {
      if constexpr (std::is_same_v<std::decay_t<decltype(each)>, before_end>)
        return kafka::earliest{};
      else
        return each;
    },
    from);
  return read(range(partitions_, begin, until), take);
}

std::optional<kafka::error> topic_reader::read_news(const taker& take) {
  const auto found = ends();
  if (!found)
    return found.error();
  for (const auto& [partition, end] : *found) {
    auto& next = next_[partition];
    if (end > next) {
      if (auto failed = read(range({partition}, kafka::at_offset{next}, kafka::below{end}), take))
        return failed;
      if (stopped_)
        break;
    } else {
      next = end;
    }
  }
  return std::nullopt;
}

} // namespace command
