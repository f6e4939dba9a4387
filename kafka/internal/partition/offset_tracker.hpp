#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <unordered_map>

namespace ottla::kafka {

/// Tracks which offsets of a partition are done, in any order. Only the contiguous front counts: a
/// gap holds back everything behind it, and filling the gap releases everything at once.
///
/// Memory: none if offsets are done in order. Pages of 4,096 offsets that are done in part take one
/// bit for each offset. Each run of pages that are done as a whole takes one entry. With at most
/// w offsets delivered and not acknowledged, that is w / 4,096 + 2 pages of 560 bytes. The number
/// of waiting offsets does not matter. Nor do wide log gaps, which are done as a part of a range.
class offset_tracker {
public:
  /// Everything below `front` is done.
  explicit offset_tracker(std::int64_t front) : front_{front} {}

  /// The offsets from `first` up to but not including `next` are done. True: the front moved.
  bool finish(std::int64_t first, std::int64_t next);

  /// The first offset that is not done.
  std::int64_t front() const noexcept { return front_; }

  /// Offsets that are done and wait behind a gap.
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
    /// The first unmarked place from `from` on; page_size if all are marked.
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
  /// Returns how many marked offsets were dropped. In the first page only places from `from` count.
  std::size_t drop_pages(page_number first, page_number next, std::size_t from);
  bool is_whole(page_number which) const noexcept;
  void move_front(std::int64_t to);
  /// Moves the front to `to`, or to the end of the run that holds `to`.
  void pass(std::int64_t to);

  std::int64_t front_;
  std::size_t waiting_ = 0;
  /// Pages that are done in part. No page is below the front's page or in a run. Marks below the
  /// front do not count any more.
  std::unordered_map<page_number, page> pages_;
  /// Runs of pages that are done as a whole, first → next; they do not touch each other.
  std::map<page_number, page_number> runs_;
};

} // namespace ottla::kafka
