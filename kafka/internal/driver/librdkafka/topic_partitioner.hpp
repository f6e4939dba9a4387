#pragma once

#include <ottla/kafka/internal/producer/partition_chooser.hpp>

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace ottla::kafka {

/// Chooses the partitions of one topic's records when librdkafka calls back. librdkafka's own
/// choice of a partition for records without a key must be off (sticky.partitioning.linger.ms=0),
/// because otherwise librdkafka does not call back for them.
///
/// Thread safety: librdkafka calls back on any thread, also concurrently, with its lock of the
/// topic held.
class topic_partitioner {
public:
  /// Under murmur2, records without a key change their random partition after `sticky_for`.
  topic_partitioner(partitioner how, std::string topic, std::uint64_t seed,
                    std::chrono::milliseconds sticky_for);

  /// Makes librdkafka call this object for the topic of `conf`. The object must outlive the
  /// producing handle. The opaque pointers of the topic's records must come from a
  /// delivery_tracker, which gets the reason if a record has no partition.
  void attach(rd_kafka_topic_conf_t* conf);

  /// From now on starts no call of the program's function. A call may still be running.
  void retire() noexcept { retired_ = true; }

private:
  static std::int32_t on_record(const rd_kafka_topic_t* topic, const void* key,
                                std::size_t key_size, std::int32_t partitions, void* self,
                                void* record) noexcept;

  /// Returns a number that is not below `partitions` if the record has no partition.
  std::int32_t choose(const rd_kafka_topic_t* topic, std::int32_t partitions, void* record);
  /// Repeats a random choice until the partition has a leader, a limited number of times.
  std::int32_t choose_with_leader(const rd_kafka_topic_t* topic, std::int32_t partitions);
  std::int32_t sticky_choice(const rd_kafka_topic_t* topic, std::int32_t partitions);

  partition_chooser chooser_;
  const std::chrono::steady_clock::duration sticky_for_;
  partition_chooser random_;
  std::atomic<std::int32_t> sticky_partition_ = -1;
  /// When the sticky partition changes, as a count of the steady clock's ticks.
  std::atomic<std::chrono::steady_clock::rep> sticky_until_ = 0;
  std::atomic<bool> retired_ = false;
};

} // namespace ottla::kafka
