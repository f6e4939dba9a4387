#pragma once

#include <ottla/kafka/record.hpp>

#include <cstddef>
#include <span>

namespace ottla::kafka {

/// Counts the bytes of a connection's pending records. The limit is
/// producer_settings::buffer_bytes.
///
/// Thread safety: none. The producer_gate uses it under its lock.
class send_buffer {
public:
  /// Memory of a record besides its key, value and headers, in bytes: the record object and
  /// librdkafka's bookkeeping.
  static constexpr std::size_t overhead_of_record = 256;

  explicit send_buffer(std::size_t most) noexcept : most_{most} {}

  static std::size_t bytes_of(std::span<const record> records) noexcept;

  bool has_room(std::size_t bytes) const noexcept {
    return bytes <= most_ && used_ <= most_ - bytes;
  }
  /// Call only if has_room() returns true.
  void take(std::size_t bytes) noexcept { used_ += bytes; }
  void give_back(std::size_t bytes) noexcept { used_ -= bytes; }

  std::size_t most() const noexcept { return most_; }
  std::size_t used() const noexcept { return used_; }

private:
  std::size_t most_;
  std::size_t used_ = 0;
};

} // namespace ottla::kafka
