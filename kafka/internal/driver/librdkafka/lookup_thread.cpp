#include <ottla/kafka/internal/driver/librdkafka/lookup_thread.hpp>

#include <utility>

namespace ottla::kafka {

lookup_thread::lookup_thread(idle_work when_idle, std::chrono::milliseconds idle_after)
  : when_idle_{std::move(when_idle)}, idle_after_{idle_after} {}

lookup_thread::~lookup_thread() {
  stop();
  if (thread_.joinable())
    thread_.join();
}

void lookup_thread::ask(question what) {
  const std::scoped_lock guard{lock_};
  if (stopped_)
    return;
  waiting_.push_back(std::move(what));
  changed_.notify_one();
  if (!thread_.joinable())
    thread_ = std::thread{[this] { run(); }};
}

void lookup_thread::stop() {
  const std::scoped_lock guard{lock_};
  stopped_ = true;
  waiting_.clear();
  changed_.notify_one();
}

void lookup_thread::run() {
  const stop_signal stopped = [this] {
    const std::scoped_lock guard{lock_};
    return stopped_;
  };
  std::unique_lock guard{lock_};
  const auto is_wanted = [this] { return stopped_ || !waiting_.empty(); };
  for (;;) {
    if (!changed_.wait_for(guard, idle_after_, is_wanted)) {
      guard.unlock();
      if (when_idle_)
        when_idle_();
      guard.lock();
      changed_.wait(guard, is_wanted);
    }
    if (stopped_)
      return;
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    guard.unlock();
    next(stopped);
    next = nullptr;
    guard.lock();
  }
}

} // namespace ottla::kafka
