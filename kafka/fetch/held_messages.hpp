#pragma once

#include <ottla/kafka/message.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

namespace ottla::kafka {

/// Messages of one partition, in the order of their offsets, that keep their memory alive. A copy
/// is cheap and refers to the same messages.
///
/// The messages pin fetch buffers of librdkafka, so release them soon. copy_of() makes a record to
/// keep, see stored_record.hpp.
///
/// Thread safety: immutable.
class held_messages {
public:
  held_messages() = default;
  held_messages(topic_partition from, std::shared_ptr<const batch_memory> memory,
                std::span<const message> messages)
    : from_{std::move(from)}, memory_{std::move(memory)}, messages_{messages} {}

  const topic_partition& from() const noexcept { return from_; }

  auto begin() const noexcept { return messages_.begin(); }
  auto end() const noexcept { return messages_.end(); }
  bool empty() const noexcept { return messages_.empty(); }
  std::size_t size() const noexcept { return messages_.size(); }
  const message& front() const noexcept { return messages_.front(); }
  const message& back() const noexcept { return messages_.back(); }
  const message& operator[](std::size_t index) const noexcept { return messages_[index]; }

private:
  topic_partition from_;
  std::shared_ptr<const batch_memory> memory_;
  std::span<const message> messages_;
};

} // namespace ottla::kafka
