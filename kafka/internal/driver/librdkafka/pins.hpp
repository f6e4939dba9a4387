#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace ottla::kafka {

/// Counts the batches of messages that somebody still reads. They keep a handle from being
/// destroyed.
///
/// Thread safety: call from any thread.
class pins {
public:
  void add() noexcept { count_.fetch_add(1, std::memory_order_relaxed); }

  void drop() noexcept {
    if (count_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      // Under the lock, so that a waiter has not checked the count yet, or is already waiting.
      const std::scoped_lock guard{lock_};
      none_.notify_all();
    }
  }

  std::size_t count() const noexcept { return count_.load(std::memory_order_acquire); }

  bool wait_for_none(std::chrono::steady_clock::time_point until) {
    std::unique_lock guard{lock_};
    return none_.wait_until(guard, until, [this] { return count() == 0; });
  }

private:
  std::atomic<std::size_t> count_{0};
  std::mutex lock_;
  std::condition_variable none_;
};

} // namespace ottla::kafka
