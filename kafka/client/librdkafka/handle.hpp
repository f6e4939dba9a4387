#pragma once

#include <ottla/kafka/client/librdkafka/fetch_pool.hpp>
#include <ottla/kafka/client/librdkafka/interceptors.hpp>
#include <ottla/kafka/client/librdkafka/pins.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <librdkafka/rdkafka.h>

#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace ottla::kafka {

/// One rd_kafka_t and what its end depends on. Never destroyed by its destructor: that can block,
/// so the reaper calls destroy(), in its own time; without that it goes on running.
///
/// Invariants: no queue reference and no message is alive when destroy() is called.
class handle {
public:
  /// `threads` is what the native handle's threads come by; null for a producer's.
  handle(rd_kafka_t* native, queue_ref events, std::unique_ptr<interceptors> threads) noexcept
    : native_{native}, events_{std::move(events)}, threads_{std::move(threads)} {}

  /// Of a consumer's handle, which fetches within these limits.
  void open_pool(const fetch_memory& memory, pausing pauses) {
    pool_ = std::make_unique<fetch_pool>(native_, threads_->fetches, memory, std::move(pauses));
  }
  ~handle();
  handle(const handle&) = delete;
  handle& operator=(const handle&) = delete;

  rd_kafka_t* native() const noexcept { return native_; }

  /// Where events arrive: a consumer's group queue, a producer's main queue.
  rd_kafka_queue_t* events() const noexcept { return events_.get(); }

  /// One for each batch that somebody still reads.
  pins& pinned() noexcept { return pinned_; }

  /// Of a consumer's handle.
  spent_messages& spent() noexcept { return threads_->spent; }

  /// Of a consumer's handle.
  join_watch& joins() noexcept { return threads_->joins; }

  /// What the connection's handles see of brokers; null: nobody looks.
  std::shared_ptr<const broker_contact> brokers() const noexcept {
    return threads_ ? threads_->brokers : nullptr;
  }

  /// Of a consumer's handle.
  fetch_pool& pool() noexcept { return *pool_; }

  /// Takes in a partition's queue that nobody takes from any more. Thread safe.
  void retire(const topic_partition& of, queue_ref queue);

  /// Blocks. What was fetched and not taken is dropped: an undrained queue can hang this.
  void destroy(int flags);

private:
  rd_kafka_t* native_;
  queue_ref events_;
  pins pinned_;
  std::unique_ptr<interceptors> threads_;
  std::mutex lock_;
  std::map<topic_partition, queue_ref> retired_;
  std::unique_ptr<fetch_pool> pool_; // before what its mover uses
};

} // namespace ottla::kafka
