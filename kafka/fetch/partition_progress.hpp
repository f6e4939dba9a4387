#pragma once

#include <ottla/kafka/topic_partition.hpp>

#include <cstdint>
#include <functional>
#include <span>

namespace ottla::kafka {

/// How far a stream has read one partition. Counts offsets, which include the gaps that compaction
/// and transactions leave.
struct partition_progress {
  topic_partition at = {};
  /// The range to read is [first, end).
  std::int64_t first = 0;
  std::int64_t end = 0;
  /// Everything below this offset is read.
  std::int64_t next = 0;

  std::int64_t done() const noexcept { return next - first; }
  std::int64_t to_do() const noexcept { return end - next; }
};

/// Receives the progress of all partitions, in the order of the partitions. Runs on the thread that
/// reads the stream. The span is valid only during the call. An exception reaches the reader of the
/// stream.
using progress_receiver = std::function<void(std::span<const partition_progress>)>;

} // namespace ottla::kafka
