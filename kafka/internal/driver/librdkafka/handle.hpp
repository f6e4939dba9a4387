#pragma once

#include <ottla/kafka/internal/driver/librdkafka/fetch_pool.hpp>
#include <ottla/kafka/internal/driver/librdkafka/interceptors.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>
#include <ottla/kafka/internal/driver/librdkafka/pins.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <librdkafka/rdkafka.h>

#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace ottla::kafka {

/// One rd_kafka_t, and the objects that its destruction depends on. The destructor does not destroy
/// the rd_kafka_t, because rd_kafka_destroy can block. The reaper calls destroy() instead. Without
/// that call the rd_kafka_t keeps running.
///
/// Invariants: when destroy() is called, no batch and no partition queue is in use.
class handle {
public:
  /// `threads` are the interceptors that the native handle's threads call. A producer's handle may
  /// have no interceptors.
  handle(rd_kafka_t* native, owned_queue events, std::unique_ptr<interceptors> threads) noexcept
    : native_{native}, events_{std::move(events)}, threads_{std::move(threads)} {}

  /// Call only for a consumer's handle. The handle fetches within the limits of `memory`.
  void open_pool(const fetch_memory& memory, pausing pauses) {
    pool_ = std::make_unique<fetch_pool>(native_, threads_->fetches, memory, std::move(pauses));
  }
  ~handle();
  handle(const handle&) = delete;
  handle& operator=(const handle&) = delete;

  rd_kafka_t* native() const noexcept { return native_; }

  /// The queue in which events arrive. For a consumer this is the group's queue, for a producer the
  /// main queue.
  rd_kafka_queue_t* events() const noexcept { return events_.get(); }

  /// Holds one pin for each batch that is still in use.
  pins& pinned() noexcept { return pinned_; }

  /// Call only for a consumer's handle.
  spent_messages& spent() noexcept { return threads_->spent; }

  /// Call only for a consumer's handle.
  join_watch& joins() noexcept { return threads_->joins; }

  /// The broker state that all handles of the connection share; null if the handle has no
  /// interceptors.
  std::shared_ptr<const broker_contact> brokers() const noexcept {
    return threads_ ? threads_->brokers : nullptr;
  }

  /// Call only for a consumer's handle.
  fetch_pool& pool() noexcept { return *pool_; }

  /// Takes ownership of a partition's queue that has no reader any more. Thread safe.
  void retire(const topic_partition& of, owned_queue queue);

  /// Blocks. Drops fetched messages first, because an undrained queue can block rd_kafka_destroy
  /// forever.
  void destroy(int flags);

private:
  rd_kafka_t* native_;
  owned_queue events_;
  pins pinned_;
  std::unique_ptr<interceptors> threads_;
  std::mutex lock_;
  std::map<topic_partition, owned_queue> retired_;
  std::unique_ptr<fetch_pool> pool_; // destroyed before the members that its mover uses
};

} // namespace ottla::kafka
