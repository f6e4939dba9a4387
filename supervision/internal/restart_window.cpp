#include <ottla/supervision/internal/restart_window.hpp>

namespace ottla {

bool restart_window::add(std::chrono::nanoseconds now) {
  // OTP keeps a restart that is exactly one period old.
  while (!times_.empty() && now - times_.front() > limit_.within)
    times_.pop_front();
  times_.push_back(now);
  if (limit_.at_most >= most_counted) {
    if (times_.size() > most_counted)
      times_.pop_front();
    return true;
  }
  if (times_.size() <= limit_.at_most)
    return true;
  // Only the newest restarts matter for the next add.
  while (times_.size() > limit_.at_most + 1)
    times_.pop_front();
  return false;
}

} // namespace ottla
