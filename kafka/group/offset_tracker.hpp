#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

namespace ottla::kafka {

/// Which offsets of a partition are done, in whatever order they become so. Only the contiguous
/// front counts: a gap holds everything behind it back, filling it releases all at once.
/// Memory: one entry for each range finished behind a gap.
class offset_tracker {
public:
  /// Everything below `front` is done.
  explicit offset_tracker(std::int64_t front) : front_{front} {}

  /// The offsets from `first` up to but not including `next` are done. True: the front moved.
  bool finish(std::int64_t first, std::int64_t next);

  /// The next offset to be read by whoever goes on from here.
  std::int64_t front() const noexcept { return front_; }

  /// Ranges that wait behind a gap.
  std::size_t waiting() const noexcept { return behind_.size(); }

private:
  std::int64_t front_;
  /// first → next, not touching each other nor the front.
  std::map<std::int64_t, std::int64_t> behind_;
};

} // namespace ottla::kafka
