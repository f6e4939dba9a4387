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

/// Somebody who goes on producing, to each partition in turn, on a thread of its own. What is not
/// sent by its end never is.
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

  /// Returns when each partition has its first message; throws std::runtime_error where it cannot.
  explicit stream(settings how);

  /// Messages, those included that wait to be sent.
  std::size_t produced() const noexcept { return produced_; }

private:
  void run(const std::stop_token& over);
  void to_each_partition(raw_producer& by);

  const settings how_;
  const std::string value_;
  std::atomic<std::size_t> produced_ = 0;
  std::promise<void> flows_;
  std::jthread thread_; // last: the others outlive it
};

} // namespace bench
