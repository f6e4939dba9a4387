#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace ottla::kafka {

/// Counts the batches of messages that somebody still reads. A handle is not destroyed before the
/// count is zero.
///
/// Thread safety: call from any thread.
class pins {
public:
  void add() noexcept { count_.fetch_add(1, std::memory_order_relaxed); }

  void drop() noexcept {
    // A worker that takes one batch at a time drops the last pin with each batch, so the lock is
    // only taken if somebody waits. The four operations on count_ and waiters_ in drop() and
    // wait_for_none() are sequentially consistent. So either this thread sees the waiter, or the
    // waiter sees that no pin is left.
    if (count_.fetch_sub(1) == 1 && waiters_.load() != 0) {
      // Locks, because a waiter holds the lock from its check of the count until its wait.
      const std::scoped_lock guard{lock_};
      none_.notify_all();
    }
  }

  std::size_t count() const noexcept { return count_.load(std::memory_order_acquire); }

  bool wait_for_none(std::chrono::steady_clock::time_point until) {
    std::unique_lock guard{lock_};
    waiters_.fetch_add(1);
    const bool none = none_.wait_until(guard, until, [this] { return count_.load() == 0; });
    waiters_.fetch_sub(1);
    return none;
  }

private:
  std::atomic<std::size_t> count_{0};
  std::atomic<std::size_t> waiters_{0};
  std::mutex lock_;
  std::condition_variable none_;
};

} // namespace ottla::kafka
