#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// A header of a fetched record. A view, valid as long as the batch of the record.
struct header {
  std::string_view name = {};
  /// Empty for an empty value and for null. has_value() is false for null.
  std::string_view value = {};

  bool has_value() const noexcept { return value.data() != nullptr; }
};

class message;

/// Memory that the messages of a batch refer to: librdkafka's fetch buffers, a copy, or the
/// simulation's log. Immutable and shared. Any thread may destroy it.
class batch_memory {
public:
  virtual ~batch_memory() = default;

  /// Time when the record was created or appended, depending on the topic's
  /// message.timestamp.type.
  virtual std::optional<std::chrono::system_clock::time_point>
  timestamp(const message& of) const = 0;

  /// Headers in the order of the record. Names may hold any bytes and may occur more than once.
  virtual std::vector<header> headers(const message& of) const = 0;
};

/// A fetched record. A view, valid as long as its batch. Keys and values are any bytes, since Kafka
/// gives them no meaning.
class message {
public:
  message(std::int64_t offset, std::string_view key, std::string_view value,
          const batch_memory* memory, const void* raw) noexcept
    : offset_{offset}, key_{key}, value_{value}, memory_{memory}, raw_{raw} {}

  std::int64_t offset() const noexcept { return offset_; }

  /// Empty for an empty key and for null. has_key() is false for null.
  std::string_view key() const noexcept { return key_; }
  bool has_key() const noexcept { return key_.data() != nullptr; }

  /// Empty for an empty value and for null, a tombstone. has_value() is false for null.
  std::string_view value() const noexcept { return value_; }
  bool has_value() const noexcept { return value_.data() != nullptr; }

  std::optional<std::chrono::system_clock::time_point> timestamp() const {
    return memory_->timestamp(*this);
  }
  std::vector<header> headers() const { return memory_->headers(*this); }

  /// The record as its batch_memory stores it. For ottla's internal use.
  const void* raw() const noexcept { return raw_; }

private:
  std::int64_t offset_;
  std::string_view key_;
  std::string_view value_;
  const batch_memory* memory_;
  const void* raw_;
};

} // namespace ottla::kafka
