#pragma once

#include <ottla/kafka/consumer/begin_offset.hpp>
#include <ottla/kafka/fetch/end_offset.hpp>
#include <ottla/kafka/internal/driver/reader_handle.hpp>
#include <ottla/kafka/message.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace ottla::kafka {

/// Decides which records of one partition belong to a range of offsets, and when everything in the
/// range is read. Offsets in the range may have no record: compaction removes records, and
/// transactions leave markers and aborted records.
class partition_range {
public:
  /// The range is empty if `first` is not below `end`.
  constexpr partition_range(std::int64_t first, std::int64_t end) noexcept
    : first_{first}, end_{std::max(first, end)}, next_{first} {}

  constexpr std::int64_t first() const noexcept { return first_; }
  constexpr std::int64_t end() const noexcept { return end_; }

  /// Everything below this offset is read.
  constexpr std::int64_t next() const noexcept { return next_; }

  constexpr bool is_done() const noexcept { return next_ >= end_; }

  /// Notes messages that were read, in offset order. Returns how many of them belong to the range;
  /// the others are behind it. A message behind the range proves that the range is read.
  std::size_t take(std::span<const message> read) noexcept;

  /// Notes that the log ends at `log_end`, and that everything below was read. A log that ends
  /// within the range does not finish the range: a follower may know less of the log than its
  /// leader.
  constexpr void reached(std::int64_t log_end) noexcept { advance(log_end); }

  /// Call if the broker does not hold next(). Returns true if the log now begins after next(). Then
  /// the range continues at the log's beginning. Returns false if the log lost its end.
  constexpr bool trim(std::int64_t log_begin) noexcept {
    if (log_begin <= next_)
      return false;
    advance(log_begin);
    return true;
  }

private:
  constexpr void advance(std::int64_t to) noexcept { next_ = std::max(next_, std::min(to, end_)); }

  std::int64_t first_;
  std::int64_t end_;
  std::int64_t next_;
};

/// Returns the range from `from` to `until` in a log. The range lies within the log. If `from` or
/// `until` is a time, `log.since` holds the answers: first for `from`, then for `until`.
partition_range choose_range(const log_offsets& log, const begin_offset& from,
                             const end_offset& until);

} // namespace ottla::kafka
