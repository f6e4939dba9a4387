#pragma once

#include <ottla/kafka/extra_settings.hpp>
#include <ottla/kafka/internal/driver/events.hpp>
#include <ottla/kafka/internal/driver/partition_queue.hpp>
#include <ottla/kafka/internal/memory_budget.hpp>
#include <ottla/kafka/result.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ottla::kafka {

struct reader_settings {
  /// Skip records of aborted transactions, and stop before the first record of an open transaction.
  /// Kafka: isolation.level. Overrides this key in cluster_settings::extra. If nullopt, `extra` and
  /// cluster_settings::extra decide.
  std::optional<bool> read_committed = true;
  /// Upper bound for records that are fetched ahead, over all partitions that are read at the same
  /// time. The driver may exceed the bound by one response of a broker.
  std::size_t ahead_bytes = std::size_t{64} * 1024 * 1024;
  /// Overrides `ahead_bytes`. The limits hold for each partition.
  std::optional<fetch_memory> memory = std::nullopt;
  /// How long a broker waits for new records. The driver reports the end of a log after this time.
  std::chrono::milliseconds fetch_wait{50};
  /// Other librdkafka keys.
  extra_settings extra = {};
};

/// Offsets of one partition's log.
struct log_offsets {
  topic_partition at;
  /// The first offset that is not deleted.
  std::int64_t begin = 0;
  /// The offset after the last record that the reader may read. With read_committed, the first
  /// offset of the oldest open transaction, or the high watermark.
  std::int64_t end = 0;
  /// One offset for each time of the request: the first record that is not older than the time, or
  /// -1 if the readable log has no such record.
  std::vector<std::int64_t> since = {};
};

/// Reads partitions without a consumer group. Commits nothing, and keeps no offsets in Kafka.
///
/// Thread safety: one thread at a time. Queues of different partitions may be used on different
/// threads.
class reader_handle {
public:
  /// Never blocks. Destroy the partition queues first.
  virtual ~reader_handle() = default;

  /// Time since the handle was opened. Code above the seam has no clock of its own.
  virtual std::chrono::milliseconds elapsed() const = 0;

  /// Returns the number of the topic's partitions. Blocks for at most `within`.
  virtual result<std::int32_t> count_partitions(const std::string& topic,
                                                std::chrono::milliseconds within)
    = 0;

  /// Looks up the logs of these partitions, which are distinct. Blocks for at most `within`. The
  /// answer is in the order of the request. Fails if one look-up fails.
  virtual result<std::vector<log_offsets>>
  look_up(std::span<const topic_partition> partitions,
          std::span<const std::chrono::system_clock::time_point> times,
          std::chrono::milliseconds within)
    = 0;

  /// Divides `ahead_bytes` by the number of partitions that are read at the same time. Call before
  /// the first start().
  virtual void share_among(std::size_t partitions) = 0;

  /// Begins to read a partition at an offset, which must be concrete. A partition that does not
  /// exist is not reported. Destroying the queue ends the reading. A partition has one queue at a
  /// time. A seek of the queue also recovers the partition after an offset out of range.
  virtual result<std::unique_ptr<partition_queue>> start(const position& from) = 0;

  /// Explains a wait of `waited` that ended without any message. The text names the last failure of
  /// a connection, if any.
  virtual error explain_silence(const topic_partition& of, std::chrono::milliseconds waited) = 0;
};

} // namespace ottla::kafka
