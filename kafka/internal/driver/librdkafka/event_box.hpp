#pragma once

#include <ottla/kafka/internal/driver/events.hpp>
#include <ottla/kafka/internal/driver/librdkafka/doorbell.hpp>

#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace ottla::kafka {

/// Queue of the events that ottla creates itself. librdkafka's own events are in librdkafka's
/// queue. One doorbell rings for both queues.
///
/// Thread safety: call from any thread.
template <class Event>
class event_box {
public:
  doorbell& bell() noexcept { return bell_; }

  void connect(waker to) {
    bell_.connect(std::move(to));
    bool waiting = false;
    {
      const std::scoped_lock guard{lock_};
      waiting = !events_.empty();
    }
    if (waiting)
      bell_.ring();
  }

  /// Rings the bell if the queue was empty.
  void post(Event what) {
    bool is_first = false;
    {
      const std::scoped_lock guard{lock_};
      is_first = events_.empty();
      events_.push_back(std::move(what));
    }
    if (is_first)
      bell_.ring();
  }

  std::optional<Event> next() {
    const std::scoped_lock guard{lock_};
    if (events_.empty())
      return std::nullopt;
    std::optional<Event> first{std::move(events_.front())};
    events_.pop_front();
    return first;
  }

private:
  doorbell bell_;
  std::mutex lock_;
  std::deque<Event> events_;
};

} // namespace ottla::kafka
