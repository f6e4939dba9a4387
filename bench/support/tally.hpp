#pragma once

#include "support/process_usage.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <future>
#include <mutex>
#include <string_view>

namespace bench {

/// Keeps the calling thread busy for this time.
inline void spend(std::chrono::nanoseconds time) {
  if (time == time.zero())
    return;
  const auto until = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < until)
    ;
}

/// Does the work of a consumer on its messages, the same for all contenders. Measures the time and
/// CPU that the process uses from the first message received to the last message handled.
///
/// Thread safety: call from any thread. Each caller keeps the sum of its own batch.
class tally {
public:
  /// `messages` is the number of messages to wait for.
  explicit tally(std::size_t messages) : expected_{messages} {}

  /// Starts the measurement. Call for each batch, before its messages are read.
  void begin() {
    std::call_once(begun_, [this] { first_ = usage_now(); });
  }

  static std::uint64_t read(std::string_view key, std::string_view value) noexcept {
    return key.size() + value.size() + (static_cast<unsigned char>(value.back()) == 0 ? 1 : 0);
  }

  /// Call after a batch was read. `seen` is the sum of read() over its messages.
  void add(std::size_t messages, std::uint64_t seen) {
    seen_.fetch_add(seen, std::memory_order_relaxed);
    const auto count = count_.fetch_add(messages, std::memory_order_acq_rel) + messages;
    if (count == expected_) {
      last_ = usage_now();
      done_.set_value();
    }
  }

  bool done() const noexcept { return count_.load(std::memory_order_acquire) >= expected_; }
  std::future<void> when_done() { return done_.get_future(); }

  std::size_t count() const noexcept { return count_; }
  /// The sum of all `seen`: the size of keys and values, in bytes.
  std::uint64_t seen() const noexcept { return seen_; }
  /// Call only when done() is true.
  process_usage used() const { return last_ - first_; }

private:
  const std::size_t expected_;
  std::once_flag begun_;
  std::atomic<std::size_t> count_ = 0;
  std::atomic<std::uint64_t> seen_ = 0;
  process_usage first_;
  process_usage last_;
  std::promise<void> done_;
};

} // namespace bench
