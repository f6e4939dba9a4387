#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace ottla::kafka {

struct header {
  std::string_view name = {};
  /// Empty for a null value too; has_value tells them apart.
  std::string_view value = {};

  bool has_value() const noexcept { return value.data() != nullptr; }
};

class message;

/// The memory that a batch of messages is a view of: librdkafka's fetch buffers, a copy, or the
/// simulation's log. Immutable and shared; destroyed on any thread.
class batch_memory {
public:
  virtual ~batch_memory() = default;

  /// Time of the record: of its creation or of its appending, as the topic is configured.
  virtual std::optional<std::chrono::system_clock::time_point>
  timestamp(const message& of) const = 0;

  /// In the record's order. Names may hold any bytes and may occur more than once.
  virtual std::vector<header> headers(const message& of) const = 0;
};

/// A record as it was fetched: a view that is valid as long as its batch is.
/// Bytes are handed out as string_view, as Kafka gives them no meaning.
class message {
public:
  message(std::int64_t offset, std::string_view key, std::string_view value,
          const batch_memory* memory, const void* raw) noexcept
    : offset_{offset}, key_{key}, value_{value}, memory_{memory}, raw_{raw} {}

  std::int64_t offset() const noexcept { return offset_; }

  /// Empty for a null key too; has_key tells them apart.
  std::string_view key() const noexcept { return key_; }
  bool has_key() const noexcept { return key_.data() != nullptr; }

  /// Empty for a null value (a tombstone) too; has_value tells them apart.
  std::string_view value() const noexcept { return value_; }
  bool has_value() const noexcept { return value_.data() != nullptr; }

  std::optional<std::chrono::system_clock::time_point> timestamp() const {
    return memory_->timestamp(*this);
  }
  std::vector<header> headers() const { return memory_->headers(*this); }

  /// The driver's own record, for its batch_memory only.
  const void* raw() const noexcept { return raw_; }

private:
  std::int64_t offset_;
  std::string_view key_;
  std::string_view value_;
  const batch_memory* memory_;
  const void* raw_;
};

} // namespace ottla::kafka
