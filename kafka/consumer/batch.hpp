#pragma once

#include <ottla/kafka/consumer/ack_handle.hpp>
#include <ottla/kafka/message.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace ottla::kafka {

/// Messages of one partition, in offset order; never empty. A view: valid until handle() returns.
class batch {
public:
  /// The batch covers the offsets from `first` up to but not including `next`, log gaps included.
  batch(const topic_partition& from, std::span<const message> messages, std::int64_t first,
        std::int64_t next, const std::shared_ptr<const ack_sink>& acks) noexcept
    : partition_{&from}, messages_{messages}, first_{first}, next_{next}, acks_{&acks} {}

  /// For tests of handlers. The ack handles of this batch do nothing.
  batch(const topic_partition& from, std::span<const message> messages) noexcept
    : batch{from, messages, messages.front().offset(), messages.back().offset() + 1, nowhere} {}

  auto begin() const noexcept { return messages_.begin(); }
  auto end() const noexcept { return messages_.end(); }
  std::size_t size() const noexcept { return messages_.size(); }
  const message& front() const noexcept { return messages_.front(); }
  const message& back() const noexcept { return messages_.back(); }
  const message& operator[](std::size_t index) const noexcept { return messages_[index]; }

  const topic_partition& from() const noexcept { return *partition_; }

  /// True when the handler should return: its worker is asked to end, or the lease is over. Workers
  /// are asked to end, for example, when a partition is revoked or the program stops. Another
  /// worker gets the messages that are not acknowledged by then. A handler that needs long for a
  /// batch polls this function, and answers ack_until() with the last message that is done. Cheap.
  /// Call from any thread. Once true, the answer stays true.
  bool drain_requested() const noexcept { return *acks_ && (*acks_)->progress().is_ending(); }

  /// Acknowledges the whole batch at a later time. handle() answers later().
  ack_handle ack_later() const { return {*acks_, first_, next_}; }

  /// Acknowledges one message at a later time.
  ack_handle ack_later(std::size_t index) const {
    return {*acks_, first_of(index), next_of(index)};
  }

  /// The offsets that one message covers: its own offset, and a log gap before the message.
  std::int64_t first_of(std::size_t index) const noexcept {
    return index == 0 ? first_ : messages_[index - 1].offset() + 1;
  }
  std::int64_t next_of(std::size_t index) const noexcept {
    return index + 1 == size() ? next_ : messages_[index].offset() + 1;
  }

  /// For ottla's internal use.
  const std::shared_ptr<const ack_sink>& acks() const noexcept { return *acks_; }

private:
  static inline const std::shared_ptr<const ack_sink> nowhere = nullptr;

  const topic_partition* partition_;
  std::span<const message> messages_;
  std::int64_t first_;
  std::int64_t next_;
  const std::shared_ptr<const ack_sink>* acks_;
};

} // namespace ottla::kafka
