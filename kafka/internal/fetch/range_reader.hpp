#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/fetch/partition_progress.hpp>
#include <ottla/kafka/fetch/stream.hpp>
#include <ottla/kafka/internal/driver/driver.hpp>
#include <ottla/kafka/internal/driver/reader_handle.hpp>
#include <ottla/kafka/internal/fetch/partition_range.hpp>
#include <ottla/kafka/internal/fetch/wake_flag.hpp>
#include <ottla/kafka/message.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace ottla::kafka {

/// Messages of one partition, in offset order. Never empty.
struct range_part {
  std::shared_ptr<const batch_memory> memory;
  std::span<const message> messages;
  /// Valid as long as the range_reader.
  const topic_partition* from = nullptr;
};

/// Reads ranges of partitions in batches. Blocks.
///
/// Thread safety: one thread at a time.
class range_reader {
public:
  /// Looks up the partitions and their ranges. Blocks for at most `within`.
  static result<std::unique_ptr<range_reader>> open(driver& with, const stream_settings& what,
                                                    std::chrono::milliseconds within);

  /// Continues an earlier reader of the same settings, whose progress was `from`. Keeps the ends of
  /// the partitions. Looks nothing up.
  static result<std::unique_ptr<range_reader>> resume(driver& with, const stream_settings& what,
                                                      std::span<const partition_progress> from);

  /// Waits for the next messages. nullopt after the last message, and after a failure.
  std::optional<range_part> next() { return next(what_.patience, most_in_part); }

  /// Fails after `patience` without a message. Returns at most `most` messages.
  std::optional<range_part> next(std::chrono::milliseconds patience, std::size_t most);

  /// Returns messages that wait, without blocking. nullopt if none wait, and if only next() can go
  /// on: at the end, after a failure, and after an offset out of range.
  std::optional<range_part> next_ready(std::size_t most);

  /// A next() that waits for messages fails with errc::closed, and so do all later calls. A look-up
  /// that is under way finishes first. Call from any thread.
  void interrupt() {
    interrupted_ = true;
    woken_.set();
  }

  const std::optional<error>& failure() const noexcept { return failure_; }
  std::span<const partition_progress> progress() const noexcept { return progress_; }

  /// The logs, as they were when the reader was opened. In the order of the progress.
  std::span<const log_offsets> logs() const noexcept { return logs_; }

  /// Time since the reader was opened.
  std::chrono::milliseconds elapsed() const { return handle_->elapsed(); }

private:
  static constexpr std::size_t most_in_part = 1'000;
  /// Bounds the memory and the fetch requests for a topic of many partitions.
  static constexpr std::size_t most_at_once = 8;

  struct reading {
    std::size_t index = 0; ///< in ranges_ and progress_
    std::unique_ptr<partition_queue> queue;
  };

  range_reader(std::unique_ptr<reader_handle> handle, const stream_settings& what,
               std::vector<log_offsets> logs, std::vector<partition_range> ranges);

  /// Takes messages from the partitions in turn. `deadline` limits look-ups; nullopt if the call
  /// must not block.
  std::optional<range_part> poll(std::size_t most,
                                 std::optional<std::chrono::milliseconds> deadline);
  /// Begins to read waiting partitions, until enough are read at the same time.
  void start_more();
  std::optional<range_part> take_from(reading& one, std::size_t most,
                                      std::optional<std::chrono::milliseconds> deadline);
  /// Continues after an offset that the broker does not hold.
  void recover(reading& one, const error& why, std::chrono::milliseconds within);
  /// The driver does not report that a topic was deleted.
  void check_silent_partitions(std::chrono::milliseconds within);
  void note_progress(std::size_t index);
  /// Calls on_progress. If it throws, the stream fails, and the exception goes to the reader.
  void report_progress();
  void fail(error why);

  const std::unique_ptr<reader_handle> handle_;
  const stream_settings what_;
  const std::vector<log_offsets> logs_;
  std::vector<partition_range> ranges_;
  std::vector<partition_progress> progress_;
  wake_flag woken_; // outlives the queues
  std::vector<reading> now_;
  std::size_t waiting_ = 0; ///< the first partition that was not started yet
  std::size_t next_up_ = 0; ///< the next partition of now_ to take from
  std::optional<error> failure_;
  bool ended_ = false;
  std::atomic<bool> interrupted_ = false;
};

} // namespace ottla::kafka
