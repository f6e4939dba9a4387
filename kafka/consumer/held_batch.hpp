#pragma once

#include <ottla/kafka/consumer/batch.hpp>
#include <ottla/kafka/message.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace ottla::kafka {

/// A batch that keeps its messages alive, so that processes can pass it on. Pins the fetch buffers
/// of its messages until it is destroyed, so release it after the verdict.
class held_batch {
public:
  held_batch(topic_partition from, std::shared_ptr<const batch_memory> memory,
             std::span<const message> messages, std::int64_t first, std::int64_t next,
             std::shared_ptr<const ack_sink> acks)
    : partition_{std::move(from)},
      memory_{std::move(memory)},
      messages_{messages},
      first_{first},
      next_{next},
      acks_{std::move(acks)} {}

  /// Same as batch::drain_requested(). Call from any process or thread.
  bool drain_requested() const noexcept { return messages().drain_requested(); }

  /// Valid as long as this object.
  batch messages() const noexcept { return {partition_, messages_, first_, next_, acks_}; }

private:
  topic_partition partition_;
  std::shared_ptr<const batch_memory> memory_;
  std::span<const message> messages_;
  std::int64_t first_;
  std::int64_t next_;
  std::shared_ptr<const ack_sink> acks_;
};

} // namespace ottla::kafka
