#include "run/topic_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

namespace command {

namespace kafka = ottla::kafka;

namespace {

/// A stream skips a partition whose log ends before the wanted offset. If this is so for each
/// partition, the offset is probably wrong.
std::optional<kafka::error>
fault_of_beginning(const kafka::stream_settings& range,
                   std::span<const kafka::partition_progress> partitions) {
  const auto* wanted = std::get_if<kafka::at_offset>(&range.from);
  if (wanted == nullptr || partitions.empty())
    return std::nullopt;
  // The stream begins at the end of a log that does not reach the offset.
  const auto& longest
    = *std::ranges::max_element(partitions, {}, &kafka::partition_progress::first);
  if (wanted->offset <= longest.first)
    return std::nullopt;
  return kafka::error{.code = kafka::errc::offset_out_of_range,
                      .text = fmt::format("{}: offset {} is beyond the end of the log, {}",
                                          to_string(longest.at), wanted->offset, longest.first)};
}

} // namespace

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
  if (auto fault = fault_of_beginning(range, records->progress()))
    return fault;
  for (const auto& each : *records)
    if (!take(each)) {
      stopped_ = true;
      return std::nullopt;
    }
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

} // namespace command
