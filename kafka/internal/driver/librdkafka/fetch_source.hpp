#pragma once

#include <ottla/kafka/internal/driver/librdkafka/handle.hpp>
#include <ottla/kafka/internal/driver/librdkafka/leader_epochs.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <thread>

namespace ottla::kafka {

/// librdkafka's queue of one assigned partition. The consumer and a fetch_queue share the source,
/// and both may close it. The consumer closes the source when the partition or the handle ends. The
/// fetch_queue closes the source in its destructor. A closed source stays empty.
///
/// Thread safety: call from any thread. Calls of take and seek must not overlap.
class fetch_source {
public:
  /// The source starts closed.
  fetch_source(std::shared_ptr<handle> from, topic_partition which) noexcept;
  ~fetch_source();
  fetch_source(const fetch_source&) = delete;
  fetch_source& operator=(const fetch_source&) = delete;

  /// Call once, before the partition is assigned and before another thread uses the source. After
  /// the call, the partition's messages do not go to the consumer's own queue. With the cooperative
  /// `protocol`, a rebalance may pause the partition while the pool takes messages.
  void open(rebalance_protocol protocol);

  /// Fills `into` from the front, without waiting. The caller owns the messages, which may include
  /// errors.
  fetch_pool::handed_out take(std::span<rd_kafka_message_t*> into) const;

  void wake_on_message(waker wake);

  /// If `epoch` is known, the broker checks that the record before `offset` still has this leader
  /// epoch. If the check fails, the next message is an error.
  void seek(std::int64_t offset, std::int32_t epoch = leader_epochs::unknown);

  /// Disconnects the waker. Waits for a take that is running. Later takes return nothing.
  void close();

  const topic_partition& which() const noexcept { return partition_; }
  const std::shared_ptr<handle>& from() const noexcept { return handle_; }

private:
  const std::shared_ptr<handle> handle_;
  const topic_partition partition_;
  std::mutex lock_;
  owned_queue queue_; // null once closed
  // Null until opened. open() sets the inbox once, before the source is given to its reader. So
  // take() reads this pointer without lock_. The inbox has the lock that orders take() and close().
  fetch_pool::inbox_ptr inbox_;
};

} // namespace ottla::kafka
