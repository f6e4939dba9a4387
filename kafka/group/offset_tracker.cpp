#include <ottla/kafka/group/offset_tracker.hpp>

#include <algorithm>
#include <iterator>

namespace ottla::kafka {

bool offset_tracker::finish(std::int64_t first, std::int64_t next) {
  if (next <= front_ || next <= first)
    return false;
  // Take in every range that it touches or overlaps.
  auto from = behind_.upper_bound(first);
  if (from != behind_.begin() && std::prev(from)->second >= first)
    --from;
  while (from != behind_.end() && from->first <= next) {
    first = std::min(first, from->first);
    next = std::max(next, from->second);
    from = behind_.erase(from);
  }
  if (first > front_) {
    behind_.emplace(first, next);
    return false;
  }
  front_ = next;
  return true;
}

} // namespace ottla::kafka
