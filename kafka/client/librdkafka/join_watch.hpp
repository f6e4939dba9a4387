#pragma once

#include <atomic>

namespace ottla::kafka {

/// Whether a member of a group has asked to join it, and was not told of its assignment yet.
/// librdkafka does not tell of the former.
///
/// Thread safety: call from any thread.
class join_watch {
public:
  void begin() noexcept { joining_.store(true, std::memory_order_relaxed); }
  void end() noexcept { joining_.store(false, std::memory_order_relaxed); }

  bool is_joining() const noexcept { return joining_.load(std::memory_order_relaxed); }

private:
  std::atomic<bool> joining_ = false;
};

} // namespace ottla::kafka
