#include <ottla/kafka/internal/driver/librdkafka/urgent_groups.hpp>

#include <algorithm>
#include <utility>

namespace ottla::kafka {

void urgent_groups::add(time now) noexcept {
  if (in_next_ == 0)
    next_began_at_ = now;
  ++in_next_;
  ++pending_;
}

void urgent_groups::note_report(group of) noexcept {
  --pending_;
  if (of == next())
    --in_next_;
  else if (of == last_)
    --in_last_;
}

urgent_groups::time urgent_groups::next_flush(bool is_gathering) const noexcept {
  if (in_next_ == 0)
    return pending_ > 0 ? flushed_at_ + pause_ : time::max();
  const bool is_complete = !is_gathering && in_next_ >= size_of_last_;
  const auto gathered = is_complete ? next_began_at_ : next_began_at_ + longest_gathering;
  return in_last_ == 0 ? gathered : std::max(gathered, flushed_at_ + longest_turn);
}

void urgent_groups::note_flush(time now) noexcept {
  flushed_at_ = now;
  if (in_next_ == 0) {
    pause_ = std::min(2 * pause_, longest_pause);
    return;
  }
  ++last_;
  size_of_last_ = in_last_ = std::exchange(in_next_, 0);
  pause_ = first_pause;
}

} // namespace ottla::kafka
