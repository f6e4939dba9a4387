#include <ottla/kafka/internal/fetch/partition_range.hpp>

#include <variant>

namespace ottla::kafka {

std::size_t partition_range::take(std::span<const message> read) noexcept {
  if (read.empty())
    return 0;
  if (read.back().offset() < end_) [[likely]] {
    advance(read.back().offset() + 1);
    return read.size();
  }
  const auto behind = std::ranges::lower_bound(read, end_, {}, &message::offset);
  next_ = end_;
  return static_cast<std::size_t>(behind - read.begin());
}

partition_range choose_range(const log_offsets& log, const begin_offset& from,
                             const end_offset& until) {
  // A log without a record from a time on has -1.
  const auto since_or_end
    = [&](std::size_t index) { return log.since[index] < 0 ? log.end : log.since[index]; };
  auto first = log.begin;
  if (const auto* number = std::get_if<at_offset>(&from))
    first = number->offset;
  else if (std::holds_alternative<latest>(from))
    first = log.end;
  else if (std::holds_alternative<since>(from))
    first = since_or_end(0);
  auto end = log.end;
  if (const auto* number = std::get_if<below>(&until))
    end = number->offset;
  else if (std::holds_alternative<before>(until))
    end = since_or_end(std::holds_alternative<since>(from) ? 1 : 0);
  first = std::clamp(first, log.begin, std::max(log.begin, log.end));
  return {first, std::min(end, log.end)};
}

} // namespace ottla::kafka
