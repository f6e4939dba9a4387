#include <ottla/kafka/client/librdkafka/offset_lookup.hpp>
#include <ottla/kafka/client/librdkafka/offset_resolver.hpp>

#include <utility>

namespace ottla::kafka {

offset_resolver::offset_resolver(rd_kafka_t* native, receiver to)
  : native_{native}, to_{std::move(to)} {}

offset_resolver::~offset_resolver() {
  stop();
  if (thread_.joinable())
    thread_.join();
}

void offset_resolver::ask(token asked, std::vector<topic_partition> partitions,
                          begin_offset otherwise) {
  const std::scoped_lock guard{lock_};
  if (stopped_)
    return;
  waiting_.push_back({asked, std::move(partitions), otherwise});
  changed_.notify_one();
  if (!thread_.joinable())
    thread_ = std::thread{[this] { run(); }};
}

void offset_resolver::stop() {
  const std::scoped_lock guard{lock_};
  stopped_ = true;
  waiting_.clear();
  changed_.notify_one();
}

void offset_resolver::run() {
  std::unique_lock guard{lock_};
  for (;;) {
    changed_.wait(guard, [this] { return stopped_ || !waiting_.empty(); });
    if (stopped_)
      return;
    const auto next = std::move(waiting_.front());
    waiting_.pop_front();
    guard.unlock();
    answer(next);
    guard.lock();
  }
}

void offset_resolver::answer(const question& what) {
  const auto stopped = [this] {
    const std::scoped_lock guard{lock_};
    return stopped_;
  };
  auto positions = look_up_offsets(native_, what.partitions, what.otherwise, stopped);
  if (!stopped())
    to_({.asked = what.asked, .positions = std::move(positions)});
}

} // namespace ottla::kafka
