#pragma once

#include <ottla/kafka/internal/driver/events.hpp>

#include <deque>
#include <optional>
#include <utility>

namespace ottla::kafka::test {

/// Pending events of a fake handle. Wakes the handle's owner when the first event is pending.
template <class Event>
class fake_events {
public:
  void wake_on_event(waker wake) {
    wake_ = std::move(wake);
    wake_owner();
  }

  void wake_owner() const {
    if (wake_)
      wake_();
  }

  void push(const Event& event) {
    const bool first = pending_.empty();
    pending_.push_back(event);
    if (first)
      wake_owner();
  }

  std::optional<Event> next() {
    if (pending_.empty())
      return std::nullopt;
    auto event = std::move(pending_.front());
    pending_.pop_front();
    return event;
  }

private:
  waker wake_;
  std::deque<Event> pending_;
};

} // namespace ottla::kafka::test
