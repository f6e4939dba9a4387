#pragma once

#include <cstdint>
#include <string>

namespace ottla::kafka {

/// A topic of the cluster.
struct topic_info {
  std::string name = {};
  std::int32_t partitions = 0;
};

/// A topic for create_topic.
struct new_topic {
  std::string name = {};
  std::int32_t partitions = 1;
  /// Number of replicas of each partition, Kafka's replication factor.
  std::int16_t replicas = 1;
};

} // namespace ottla::kafka
