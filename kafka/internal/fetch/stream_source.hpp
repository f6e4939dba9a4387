#pragma once

#include <ottla/kafka/fetch/stream_process.hpp>
#include <ottla/kafka/internal/driver/driver.hpp>
#include <ottla/kafka/internal/fetch/range_reader.hpp>
#include <ottla/kafka/result.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace ottla::kafka {

/// The reader of a stream process. Opens a range_reader when it is needed, and can be stopped while
/// another thread waits for records.
///
/// Thread safety: stop() from any thread, everything else by one thread at a time.
class stream_source {
public:
  stream_source(std::shared_ptr<driver> seam, stream_settings what,
                std::chrono::milliseconds open_within);

  /// Waits for the next part, and opens the stream first if it is not open. `from` is the progress
  /// to resume from; if empty, the stream starts at its beginning. After a failure, the next read
  /// opens the stream again.
  result<stream_part> read(const std::vector<partition_progress>& from, std::size_t most);

  /// Returns the next part if the stream is open and messages wait. Never blocks.
  std::optional<stream_part> read_ready(std::size_t most);

  /// Ends a read that waits for records. Later reads fail.
  void stop();

private:
  bool is_stopped();
  result<stream_part> read_part(const std::vector<partition_progress>& from, std::size_t most);
  result<range_reader*> open(const std::vector<partition_progress>& from);
  stream_part part_of(const range_part& read) const;

  const std::shared_ptr<driver> seam_;
  const stream_settings what_;
  const std::chrono::milliseconds open_within_;
  std::mutex lock_; ///< guards the change of reader_, and is_stopped_
  bool is_stopped_ = false;
  std::unique_ptr<range_reader> reader_;
};

} // namespace ottla::kafka
