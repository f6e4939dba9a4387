#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <unordered_map>

namespace ottla::kafka {

/// Tracks which offsets of a partition are done. Ranges of offsets may be done in any order. The
/// front is the first offset that is not done. A gap stops the front. Closing the gap advances the
/// front to the next gap.
///
/// Offsets that are done in order take no memory. A partly done page of 4,096 offsets takes one bit
/// for each offset. A run of completely done pages takes one entry. If at most w offsets are
/// delivered and not acknowledged, there are at most w / 4,096 + 2 pages of 560 bytes. The number
/// of offsets that are done after a gap does not matter. Offsets without a record cost nothing,
/// however many there are, since a range includes them.
class out_of_order_acks {
public:
  /// All offsets below `front` are done.
  explicit out_of_order_acks(std::int64_t front) : front_{front} {}

  /// Marks the offsets from `first` up to but not including `next` as done. Returns true if the
  /// front moved.
  bool finish(std::int64_t first, std::int64_t next);

  /// The first offset that is not done.
  std::int64_t front() const noexcept { return front_; }

  /// Number of offsets that are done after a gap.
  std::size_t waiting() const noexcept { return waiting_; }

private:
  static constexpr std::int64_t page_size = 4096;

  class page {
  public:
    // Places count from the first offset of the page. Ranges are [from, to).

    /// Marks a range. Returns how many of its places were not marked before.
    std::size_t mark(std::size_t from, std::size_t to) noexcept;
    std::size_t marked(std::size_t from, std::size_t to) const noexcept;
    bool is_full() const noexcept { return marked_ == page_size; }
    /// First unmarked place at or after `from`. Returns page_size if all are marked.
    std::size_t first_open(std::size_t from) const noexcept;

  private:
    std::array<std::uint64_t, page_size / 64> words_{};
    std::size_t marked_ = 0;
  };
  using page_number = std::int64_t;

  static page_number page_of(std::int64_t offset) noexcept { return offset / page_size; }
  static std::size_t place_of(std::int64_t offset) noexcept {
    return static_cast<std::size_t>(offset % page_size);
  }

  void mark(std::int64_t first, std::int64_t next);
  void mark_in_page(page_number which, std::size_t from, std::size_t to);
  void mark_pages(page_number first, page_number next);
  /// Returns how many marked offsets were dropped. In the first page, only places at or after
  /// `from` count.
  std::size_t drop_pages(page_number first, page_number next, std::size_t from);
  bool is_whole(page_number which) const noexcept;
  void move_front(std::int64_t to);
  /// Moves the front to `to`, or to the end of the run that holds `to`.
  void pass(std::int64_t to);

  std::int64_t front_;
  std::size_t waiting_ = 0;
  /// Pages that are done in part. All of them are outside of runs, and at or above the front's
  /// page. Marks below the front do not count.
  std::unordered_map<page_number, page> pages_;
  /// Runs of pages that are done as a whole, first → next. Two runs never touch each other.
  std::map<page_number, page_number> runs_;
};

} // namespace ottla::kafka
