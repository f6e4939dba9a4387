#pragma once

#include <ottla/kafka/internal/driver/events.hpp>

#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace ottla::kafka {

/// The events of a groupless_handle. Threads of the seam may hold the mailbox longer than the
/// handle lives.
///
/// Thread safety: call from any thread.
class event_mailbox {
public:
  /// Calls `to` before returning if events are pending.
  void wake_on_event(waker to) {
    const std::lock_guard lock{guard_};
    wake_ = std::move(to);
    if (wake_ && !events_.empty())
      wake_();
  }

  void push(consumer_event what) {
    const std::lock_guard lock{guard_};
    events_.push_back(std::move(what));
    if (wake_)
      wake_();
  }

  std::optional<consumer_event> next() {
    const std::lock_guard lock{guard_};
    if (events_.empty())
      return std::nullopt;
    auto first = std::move(events_.front());
    events_.pop_front();
    return first;
  }

private:
  std::mutex guard_;
  waker wake_;
  std::deque<consumer_event> events_;
};

} // namespace ottla::kafka
