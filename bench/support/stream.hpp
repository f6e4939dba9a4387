#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>

namespace bench {

/// Somebody who goes on producing, to each partition in turn, on a thread of its own.
class stream {
public:
  struct settings {
    std::string brokers;
    std::string topic;
    std::int32_t partitions = 1;
    std::size_t message_bytes = 100;
    /// After one message to each partition. Zero: as fast as it goes.
    std::chrono::milliseconds pause{0};
  };

  explicit stream(settings how);
  /// Stops. What is not sent by then never is.
  ~stream();
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;

  /// Messages, those included that wait to be sent.
  std::size_t produced() const noexcept { return produced_; }

private:
  void run();

  const settings how_;
  const std::string value_;
  std::atomic<bool> over_ = false;
  std::atomic<std::size_t> produced_ = 0;
  std::thread thread_;
};

} // namespace bench
