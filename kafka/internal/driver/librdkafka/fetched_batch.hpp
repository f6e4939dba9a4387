#pragma once

#include <ottla/kafka/internal/driver/librdkafka/handle.hpp>
#include <ottla/kafka/message.hpp>

#include <librdkafka/rdkafka.h>

#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace ottla::kafka {

/// Frees messages that librdkafka handed out.
void destroy_messages(std::span<const message> messages);

/// Owns fetched messages and, through them, the fetch buffers that hold their bytes. The handle is
/// not destroyed while a batch lives. The destructor gives the messages to spent_messages, and the
/// thread that fetched them frees them.
class fetched_batch final : public batch_memory {
public:
  fetched_batch(std::shared_ptr<handle> from, std::size_t capacity, std::thread::id fetched_by);
  ~fetched_batch() override;
  fetched_batch(const fetched_batch&) = delete;
  fetched_batch& operator=(const fetched_batch&) = delete;

  /// Takes ownership. Do not add more than `capacity` messages.
  void add(rd_kafka_message_t* raw) {
    bytes_ += raw->key_len + raw->len;
    messages_.emplace_back(
      raw->offset, std::string_view{static_cast<const char*>(raw->key), raw->key_len},
      std::string_view{static_cast<const char*>(raw->payload), raw->len}, this, raw);
  }

  std::span<const message> messages() const noexcept { return messages_; }
  std::size_t bytes() const noexcept { return bytes_; }

  std::optional<std::chrono::system_clock::time_point> timestamp(const message& of) const override;

  std::vector<header> headers(const message& of) const override;

private:
  const std::shared_ptr<handle> handle_;
  const std::thread::id fetched_by_;
  std::vector<message> messages_;
  std::size_t bytes_ = 0;
  mutable std::mutex parsing_;
};

} // namespace ottla::kafka
