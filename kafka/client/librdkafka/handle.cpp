#include <ottla/kafka/client/librdkafka/handle.hpp>

#include <array>
#include <utility>

namespace ottla::kafka {

void drain(rd_kafka_queue_t* queue) {
  std::array<rd_kafka_message_t*, 256> left{};
  for (;;) {
    const auto taken = rd_kafka_consume_batch_queue(queue, 0, left.data(), left.size());
    for (auto i = decltype(taken){0}; i < taken; ++i)
      rd_kafka_message_destroy(left[static_cast<std::size_t>(i)]);
    if (taken < static_cast<ssize_t>(left.size()))
      return;
  }
}

handle::~handle() {
  // One that runs still goes on looking there.
  if (native_ != nullptr)
    static_cast<void>(threads_.release());
}

void handle::retire(const topic_partition& of, queue_ref queue) {
  const std::scoped_lock guard{lock_};
  auto& last = retired_[of];
  // Another queue, where the topic was made anew meanwhile.
  if (last)
    drain(last.get());
  last = std::move(queue);
}

void handle::destroy(int flags) {
  for (auto& [of, queue] : retired_)
    drain(queue.get());
  retired_.clear();
  if (threads_)
    threads_->spent.free_all();
  events_.reset();
  rd_kafka_destroy_flags(std::exchange(native_, nullptr), flags);
}

} // namespace ottla::kafka
