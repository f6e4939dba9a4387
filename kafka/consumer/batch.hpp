#pragma once

#include <ottla/kafka/consumer/ack_handle.hpp>
#include <ottla/kafka/message.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace ottla::kafka {

/// Messages of one partition, in the order of their offsets. Never empty. A view, valid until
/// handle() returns.
class batch {
public:
  /// The batch covers the offsets from `first` up to but not including `next`, log gaps included.
  batch(const topic_partition& from, std::span<const message> messages, std::int64_t first,
        std::int64_t next, const std::shared_ptr<const ack_sink>& acks) noexcept
    : partition_{&from}, messages_{messages}, first_{first}, next_{next}, acks_{&acks} {}

  /// A batch for tests of handlers. Its ack handles do nothing.
  batch(const topic_partition& from, std::span<const message> messages) noexcept
    : batch{from, messages, messages.front().offset(), messages.back().offset() + 1, nowhere} {}

  auto begin() const noexcept { return messages_.begin(); }
  auto end() const noexcept { return messages_.end(); }
  std::size_t size() const noexcept { return messages_.size(); }
  const message& front() const noexcept { return messages_.front(); }
  const message& back() const noexcept { return messages_.back(); }
  const message& operator[](std::size_t index) const noexcept { return messages_[index]; }

  const topic_partition& from() const noexcept { return *partition_; }

  /// Whether handle() should return early, since its worker must end or its lease is over. Workers
  /// must end, for example, when a partition is revoked or the program stops. Another worker gets
  /// the messages that handle() leaves unacknowledged. A handler that takes long for a batch polls
  /// this function, and returns ack_until() for the last completed message. Cheap. Call from
  /// any thread. Once true, the result stays true.
  bool drain_requested() const noexcept { return *acks_ && (*acks_)->progress().is_ending(); }

  /// Returns a handle that acknowledges the whole batch later. handle() must return later().
  ack_handle ack_later() const { return {*acks_, first_, next_}; }

  /// Returns a handle that acknowledges one message later. handle() must return later().
  ack_handle ack_later(std::size_t index) const {
    return {*acks_, first_of(index), next_of(index)};
  }

  /// A message covers the offsets from first_of() up to but not including next_of(): its own offset
  /// and a log gap before it. The last message also covers a log gap up to the end of the batch.
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
