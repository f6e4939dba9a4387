#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <unordered_map>

namespace ottla::kafka {

/// Which offsets of a partition are done, in whatever order they become so. Only the contiguous
/// front counts: a gap holds everything behind it back, filling it releases all at once.
///
/// Memory: in order none; otherwise a bit for each offset of those pages of 4,096 that are done in
/// part, and one entry for each run of pages that are done as a whole. So with at most w offsets
/// delivered and not acknowledged, w / 4,096 + 2 pages of 560 bytes, however many of them wait, and
/// however wide the gaps of the log itself are, which are finished as a part of a range.
class offset_tracker {
public:
  /// Everything below `front` is done.
  explicit offset_tracker(std::int64_t front) : front_{front} {}

  /// The offsets from `first` up to but not including `next` are done. True: the front moved.
  bool finish(std::int64_t first, std::int64_t next);

  /// The next offset to be read by whoever goes on from here.
  std::int64_t front() const noexcept { return front_; }

  /// Offsets that are done and wait behind a gap.
  std::size_t waiting() const noexcept { return waiting_; }

private:
  static constexpr std::int64_t page_size = 4096;

  class page {
  public:
    // Places are counted from the page's first; [from, to).

    /// How many of them were not marked before.
    std::size_t mark(std::size_t from, std::size_t to) noexcept;
    std::size_t marked(std::size_t from, std::size_t to) const noexcept;
    bool is_full() const noexcept { return marked_ == page_size; }
    /// The first from there on that is not marked; page_size: all are.
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
  /// Of the first one only what is marked from that place on counts.
  std::size_t drop_pages(page_number first, page_number next, std::size_t from);
  bool is_whole(page_number which) const noexcept;
  void move_front(std::int64_t to);
  /// Further where that is in a run.
  void pass(std::int64_t to);

  std::int64_t front_;
  std::size_t waiting_ = 0;
  /// Done in part. None is below the front's, none in a run. What is marked below the front does
  /// not count any more.
  std::unordered_map<page_number, page> pages_;
  /// Runs of pages that are done as a whole, first → next; they do not touch each other.
  std::map<page_number, page_number> runs_;
};

} // namespace ottla::kafka
