#pragma once

#include <ottla/kafka/message.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace ottla::kafka {

/// Messages of one partition, in offset order; never empty. A view: valid until handle() returns.
class batch {
public:
  batch(const topic_partition& from, std::span<const message> messages) noexcept
    : from_{&from}, messages_{messages} {}

  auto begin() const noexcept { return messages_.begin(); }
  auto end() const noexcept { return messages_.end(); }
  std::size_t size() const noexcept { return messages_.size(); }
  const message& front() const noexcept { return messages_.front(); }
  const message& back() const noexcept { return messages_.back(); }
  const message& operator[](std::size_t index) const noexcept { return messages_[index]; }

  const topic_partition& from() const noexcept { return *from_; }

private:
  const topic_partition* from_;
  std::span<const message> messages_;
};

} // namespace ottla::kafka
