#pragma once

#include <ottla/kafka/record.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <span>

namespace ottla::kafka {

/// Counts the bytes of all records of a connection from the moment when a topic's producer handles
/// their `produce` until Kafka has answered for them. Records in the mailbox of a topic's producer
/// are not counted. The limit is producer_settings::buffer_bytes.
///
/// Thread safety: call from any thread.
class send_buffer : public std::enable_shared_from_this<send_buffer> {
public:
  /// What a record costs besides its bytes: the record itself and what librdkafka keeps for it.
  static constexpr std::size_t overhead_of_record = 256;

  /// Bytes of the buffer that some records have. The destructor releases them.
  class room {
  public:
    room(std::shared_ptr<send_buffer> of, std::size_t bytes) noexcept
      : buffer_{std::move(of)}, bytes_{bytes} {}
    ~room() { buffer_->used_ -= bytes_; }
    room(const room&) = delete;
    room& operator=(const room&) = delete;

  private:
    std::shared_ptr<send_buffer> buffer_;
    std::size_t bytes_;
  };

  explicit send_buffer(std::size_t most) noexcept : most_{most} {}

  static std::size_t bytes_of(std::span<const record> records) noexcept;

  /// Null if fewer than `bytes` are free now.
  std::shared_ptr<const room> take(std::size_t bytes);

  std::size_t most() const noexcept { return most_; }
  std::size_t used() const noexcept { return used_; }

private:
  const std::size_t most_;
  std::atomic<std::size_t> used_ = 0;
};

} // namespace ottla::kafka
