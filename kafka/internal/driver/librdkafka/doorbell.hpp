#pragma once

#include <ottla/kafka/internal/driver/events.hpp>

#include <librdkafka/rdkafka.h>

#include <mutex>
#include <utility>

namespace ottla::kafka {

/// The waker of one queue, guarded by a lock. When connect() returns, the former waker is not
/// running and never runs again.
///
/// Thread safety: call from any thread and from librdkafka's callbacks. librdkafka rings the
/// bell with a queue's lock held. So this class calls no librdkafka function while it holds its own
/// lock.
class doorbell {
public:
  void connect(waker to) {
    const std::scoped_lock guard{lock_};
    waker_ = std::move(to);
  }

  void ring() {
    const std::scoped_lock guard{lock_};
    if (waker_)
      waker_();
  }

  /// Rings this bell each time the queue becomes non-empty. The bell must stay alive until
  /// detach().
  void attach(rd_kafka_queue_t* queue) {
    rd_kafka_queue_cb_event_enable(
      queue,
      [](rd_kafka_t*, void* self) {
        auto& bell = *static_cast<doorbell*>(self);
        bell.ring();
      },
      this);
  }

  /// When this function returns, no callback is running.
  static void detach(rd_kafka_queue_t* queue) {
    rd_kafka_queue_cb_event_enable(queue, nullptr, nullptr);
  }

private:
  std::mutex lock_;
  waker waker_;
};

} // namespace ottla::kafka
