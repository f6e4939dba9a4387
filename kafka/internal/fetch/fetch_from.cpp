#include <ottla/kafka/internal/fetch/fetch_from.hpp>
#include <ottla/kafka/internal/fetch/range_reader.hpp>

#include <algorithm>
#include <optional>
#include <variant>

namespace ottla::kafka {

namespace {

std::size_t size_of(const stored_record& one) {
  auto bytes = (one.key ? one.key->size() : 0) + (one.value ? one.value->size() : 0);
  for (const auto& [name, value] : one.headers)
    bytes += name.size() + (value ? value->size() : 0);
  return bytes;
}

stream_settings range_of(const fetch_settings& what) {
  constexpr std::size_t least_ahead = 64 * 1024;
  constexpr std::size_t most_ahead = 16 * 1024 * 1024;
  return {.topic = what.topic,
          .partitions = {what.partition},
          .from = what.from,
          .read_committed = what.read_committed,
          .ahead_bytes = std::clamp(what.most_bytes, least_ahead, most_ahead)};
}

std::optional<error> fault_of_beginning(const fetch_settings& what, const log_offsets& log) {
  const auto* number = std::get_if<at_offset>(&what.from);
  if (number == nullptr || number->offset <= log.end)
    return std::nullopt;
  return error{.code = errc::offset_out_of_range,
               .text = to_string(log.at) + ": offset " + std::to_string(number->offset)
                       + " is beyond the end of the log, " + std::to_string(log.end)};
}

} // namespace

result<fetched_records> fetch_from(driver& with, const fetch_settings& what,
                                   std::chrono::milliseconds within) {
  constexpr std::size_t most_in_part = 1'000;
  auto opened = range_reader::open(with, range_of(what), within);
  if (!opened)
    return opened.error();
  auto& reader = **opened;
  const auto& log = reader.logs().front();
  if (auto fault = fault_of_beginning(what, log))
    return *std::move(fault);
  fetched_records answer{.from = log.at, .log_begin = log.begin, .log_end = log.end};
  std::size_t bytes = 0;
  while (answer.records.size() < what.most_records) {
    const auto left = std::max(within - reader.elapsed(), std::chrono::milliseconds::zero());
    const auto part
      = reader.next(left, std::min(most_in_part, what.most_records - answer.records.size()));
    if (!part)
      break;
    for (const auto& one : part->messages) {
      auto copy = copy_of(one, answer.from);
      bytes += size_of(copy);
      if (bytes > what.most_bytes && !answer.records.empty()) {
        answer.next = one.offset();
        return answer;
      }
      answer.records.push_back(std::move(copy));
    }
  }
  if (reader.failure() && answer.records.empty())
    return *reader.failure();
  answer.next = reader.progress().front().next;
  return answer;
}

} // namespace ottla::kafka
