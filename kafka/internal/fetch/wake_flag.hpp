#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace ottla::kafka {

/// Lets a thread wait until a waker was called.
///
/// Thread safety: call from any thread.
class wake_flag {
public:
  void set() {
    const std::scoped_lock guard{lock_};
    is_set_ = true;
    set_now_.notify_all();
  }

  void clear() {
    const std::scoped_lock guard{lock_};
    is_set_ = false;
  }

  /// Waits until set() was called since the last clear(). Returns false if `most` has passed.
  bool wait(std::chrono::milliseconds most) {
    std::unique_lock guard{lock_};
    return set_now_.wait_for(guard, most, [this] { return is_set_; });
  }

private:
  std::mutex lock_;
  std::condition_variable set_now_;
  bool is_set_ = false;
};

} // namespace ottla::kafka
