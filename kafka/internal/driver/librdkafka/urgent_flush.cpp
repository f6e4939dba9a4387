#include <ottla/kafka/internal/driver/librdkafka/urgent_flush.hpp>

#include <system_error>

namespace ottla::kafka {

urgent_flush::~urgent_flush() {
  {
    const std::scoped_lock guard{lock_};
    is_over_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable())
    thread_.join();
}

void urgent_flush::begin() {
  {
    const std::scoped_lock guard{lock_};
    ++pending_;
    ++begun_;
    if (!thread_.joinable())
      start();
    if (!is_flushing_) {
      changed_.notify_one();
      return;
    }
  }
  rd_kafka_flush(of_, 0);
}

void urgent_flush::start() {
  try {
    thread_ = std::thread{[this] { run(); }};
  } catch (const std::system_error&) {
    // The process has too many threads. The records wait for linger, and the next begin() tries
    // again.
  }
}

void urgent_flush::end() {
  const std::scoped_lock guard{lock_};
  --pending_;
}

void urgent_flush::run() {
  std::unique_lock guard{lock_};
  for (;;) {
    changed_.wait(guard, [this] { return is_over_ || pending_ > 0; });
    if (is_over_)
      return;
    const auto seen = begun_;
    is_flushing_ = true;
    guard.unlock();
    const auto outcome = rd_kafka_flush(of_, slice_ms);
    guard.lock();
    is_flushing_ = false;
    // librdkafka has no record any more, but the last reports may not be read yet. Only a new batch
    // needs another flush.
    if (outcome == RD_KAFKA_RESP_ERR_NO_ERROR)
      changed_.wait(guard, [&] { return is_over_ || begun_ != seen; });
  }
}

} // namespace ottla::kafka
