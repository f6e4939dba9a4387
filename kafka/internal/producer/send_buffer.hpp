#pragma once

#include <ottla/kafka/record.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <span>

namespace ottla::kafka {

/// Limits the bytes of a connection's pending records to producer_settings::buffer_bytes. Records
/// count from the moment when a topic producer handles their `produce` until Kafka has answered for
/// them. Records in the mailbox of a topic producer do not count.
///
/// Thread safety: call from any thread.
class send_buffer : public std::enable_shared_from_this<send_buffer> {
public:
  /// Memory of a record besides its key, value and headers, in bytes: the record object and
  /// librdkafka's bookkeeping.
  static constexpr std::size_t overhead_of_record = 256;

  /// A part of the buffer that some records occupy. The destructor releases it.
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

  /// Acquires room for `bytes`. Null if fewer bytes are free now.
  std::shared_ptr<const room> take(std::size_t bytes);

  std::size_t most() const noexcept { return most_; }
  std::size_t used() const noexcept { return used_; }

private:
  const std::size_t most_;
  std::atomic<std::size_t> used_ = 0;
};

} // namespace ottla::kafka
