#pragma once

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <functional>

namespace ottla::kafka {

/// How a fetch_pool pauses partitions. Tests replace the calls, to see which partitions are paused
/// and what other threads can do during a call.
struct pausing {
  using call = std::function<void(rd_kafka_t*, rd_kafka_topic_partition_list_t*)>;

  /// How long a pause lasts.
  std::chrono::milliseconds time{100};
  /// Least time between two pause calls, as a multiple of the duration of the earlier call. See
  /// pause_times.
  int gap = 25;
  /// Writes the position of each partition into the list.
  call find_positions = rd_kafka_position;
  call pause = rd_kafka_pause_partitions;
  call resume = rd_kafka_resume_partitions;
};

} // namespace ottla::kafka
