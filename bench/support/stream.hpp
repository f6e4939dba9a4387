#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <future>
#include <stop_token>
#include <string>
#include <thread>

namespace bench {

class raw_producer;

/// Produces continuously to each partition in turn, on its own thread. The destructor drops unsent
/// messages.
class stream {
public:
  struct settings {
    std::string brokers;
    std::string topic;
    std::int32_t partitions = 1;
    std::size_t message_bytes = 100;
    /// Pause after one message to each partition. If zero, produces as fast as possible.
    std::chrono::milliseconds pause{0};
  };

  /// Returns when each partition has its first message. Throws std::runtime_error on failure.
  explicit stream(settings how);

  /// Number of produced messages, including messages that wait to be sent.
  std::size_t produced() const noexcept { return produced_; }

private:
  void run(const std::stop_token& over);
  void to_each_partition(raw_producer& by);

  const settings how_;
  const std::string value_;
  std::atomic<std::size_t> produced_ = 0;
  std::promise<void> flows_;
  std::jthread thread_; // last: the thread uses the other members
};

} // namespace bench
