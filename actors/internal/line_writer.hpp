#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace ottla::detail {

/// The outcome of an attempt to write.
struct write_result {
  std::size_t written = 0;
  bool failed = false;
};

/// Queues lines for a file that may block, so that a caller that prints never waits.
///
/// Thread safety: call from any thread.
class line_writer {
public:
  /// `write` may block, and must not throw. It runs on the thread that calls run().
  using write_function = std::function<write_result(std::string_view)>;

  static constexpr std::size_t most_lines = 1000;
  static constexpr std::size_t most_bytes = std::size_t{256} << 10;
  static constexpr std::size_t longest_line = std::size_t{8} << 10;

  explicit line_writer(write_function write) : write_{std::move(write)} {}

  void add(std::string_view line) noexcept;
  bool flush(std::chrono::nanoseconds within) noexcept;

  /// Writes lines until close() is called and the queue is empty.
  void run() noexcept;
  void close() noexcept;

private:
  bool has_room(std::size_t bytes) const noexcept;
  bool has_work() const noexcept;
  void queue(std::string line);
  void write_next(std::unique_lock<std::mutex>& lock);

  const write_function write_;
  std::mutex guard_;
  std::condition_variable work_;
  std::condition_variable progress_;
  std::deque<std::string> waiting_;
  std::size_t bytes_ = 0;
  /// Dropped lines that are not reported yet.
  std::size_t dropped_ = 0;
  bool writing_ = false;
  bool closed_ = false;
  /// The last write failed. The next attempt waits for a new line or a flush.
  bool failing_ = false;
  /// A write failed in the middle of a line.
  bool broken_off_ = false;
  /// A flush has timed out, and nothing was written since.
  bool stuck_ = false;
  /// A flush has asked for another attempt to report dropped lines.
  bool try_again_ = false;
};

} // namespace ottla::detail
