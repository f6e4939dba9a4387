#include <ottla/kafka/internal/driver/librdkafka/handle.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>

#include <utility>

namespace ottla::kafka {

handle::~handle() {
  // A native handle that still runs uses the interceptors, so the interceptors leak on purpose.
  if (native_ != nullptr)
    static_cast<void>(threads_.release());
}

void handle::retire(const topic_partition& of, owned_queue queue) {
  const std::scoped_lock guard{lock_};
  auto& last = retired_[of];
  // A recreated topic has a new queue. The old queue must not keep messages.
  if (last)
    empty_queue(last.get());
  last = std::move(queue);
}

void handle::destroy(int flags) {
  pool_.reset();
  for (auto& [of, queue] : retired_)
    empty_queue(queue.get());
  retired_.clear();
  if (threads_)
    threads_->spent.close();
  // Undelivered events refer to partitions, and rd_kafka_destroy waits for their release.
  if (events_)
    empty_queue(events_.get());
  events_.reset();
  rd_kafka_destroy_flags(std::exchange(native_, nullptr), flags);
}

} // namespace ottla::kafka
