#pragma once

#include <ottla/kafka/internal/driver/librdkafka/configuration.hpp>
#include <ottla/kafka/internal/driver/librdkafka/topic_partitioner.hpp>
#include <ottla/kafka/producer/producer_settings.hpp>
#include <ottla/kafka/producer/topic_producer_settings.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Selects who chooses the partitions of a producing handle: librdkafka, or a topic_partitioner.
/// librdkafka chooses them as long as all partitioners are murmur2 or keys of `extra`. Otherwise
/// each topic has a topic_partitioner, except for the topics whose partitioner is a key of `extra`.
class partitioning {
public:
  /// librdkafka chooses all partitions.
  partitioning() = default;
  /// `common` are the librdkafka keys of all handles of the connection.
  partitioning(const extra_settings& common, const producer_settings& how,
               const std::vector<topic_producer_settings>& topics);

  /// Prepares the configuration of the handle.
  void configure(configuration& conf);

  /// Null if librdkafka chooses the partitions of the topic. `own` are the settings of the topic,
  /// or null.
  std::unique_ptr<topic_partitioner> make_for(const std::string& topic,
                                              const topic_producer_settings* own) const;

private:
  bool is_needed_ = false;
  /// The partitioner of topics without a partitioner of their own. nullopt if a key of `extra`
  /// selects it.
  std::optional<partitioner> of_others_;
  /// nullopt if the key sticky.partitioning.linger.ms of `extra` sets it.
  std::optional<std::chrono::milliseconds> sticky_for_;
};

} // namespace ottla::kafka
