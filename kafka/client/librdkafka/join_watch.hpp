#pragma once

#include <librdkafka/rdkafka.h>

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

/// Has a handle, made from `conf` later, begin it each time it has sent a request to join. `joins`
/// must outlive the handle.
void watch_for_joins(rd_kafka_conf_t* conf, join_watch& joins);

} // namespace ottla::kafka
