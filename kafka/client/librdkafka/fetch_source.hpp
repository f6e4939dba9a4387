#pragma once

#include <ottla/kafka/client/librdkafka/handle.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <thread>

namespace ottla::kafka {

/// librdkafka's queue of one assigned partition, shared by the consumer, which closes it when the
/// partition or the handle goes, and by the partition queue above it, which may find it closed.
/// Closed it stays empty.
///
/// Thread safety: call from any thread. The order of take and seek is the caller's.
class fetch_source {
public:
  /// Closed still.
  fetch_source(std::shared_ptr<handle> from, topic_partition which) noexcept;
  ~fetch_source();
  fetch_source(const fetch_source&) = delete;
  fetch_source& operator=(const fetch_source&) = delete;

  /// Once, before the partition is assigned: from then on its messages do not go to the consumer's
  /// own queue. Cooperative rebalances pause it while it is being taken from.
  void open(rebalance_protocol protocol);

  /// Fills from the front, without waiting; the caller owns what it gets, errors among it.
  std::size_t take(std::span<rd_kafka_message_t*> into);

  void wake_on_message(waker wake);

  void seek(std::int64_t offset);

  /// Silences the waker. Answers nothing from now on.
  void close();

  const topic_partition& which() const noexcept { return which_; }
  const std::shared_ptr<handle>& from() const noexcept { return from_; }

  /// The thread that fetched what was taken last.
  std::thread::id fetched_by() const;

private:
  const std::shared_ptr<handle> from_;
  const topic_partition which_;
  mutable std::mutex lock_;
  queue_ref queue_;             // null once closed
  fetch_pool::inbox_ptr inbox_; // null until opened
};

} // namespace ottla::kafka
