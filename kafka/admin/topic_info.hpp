#pragma once

#include <ottla/kafka/admin/config_entry.hpp>
#include <ottla/kafka/error.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ottla::kafka {

/// A topic of the cluster.
struct topic_info {
  std::string name = {};
  std::int32_t partitions = 0;
};

/// A topic for create_topics.
struct new_topic {
  std::string name = {};
  /// Number of partitions, or -1 for the broker's default.
  std::int32_t partitions = 1;
  /// Number of replicas of each partition, Kafka's replication factor, or -1 for the broker's
  /// default.
  std::int16_t replicas = 1;
  /// Kafka's topic configs, for example {"cleanup.policy", "compact"}. Other configs get the
  /// broker's default.
  std::map<std::string, std::string> configs = {};
};

/// A partition in a topic_description. Brokers are listed by their ids.
struct partition_info {
  std::int32_t partition = 0;
  /// -1 if the partition has no leader at the moment.
  std::int32_t leader = -1;
  std::vector<std::int32_t> replicas = {};
  /// The replicas that have all records (Kafka's ISR).
  std::vector<std::int32_t> in_sync = {};
};

/// The answer of describe_topics for one topic. If `failed` is set, only `name` is known.
struct topic_description {
  std::string name = {};
  /// Kafka's id of the topic in base64, as Kafka's tools print it. A topic that is deleted and
  /// created again has a new id. Empty with librdkafka before 2.3, which does not know ids.
  std::string id = {};
  /// Sorted by number.
  std::vector<partition_info> partitions = {};
  /// All configs of the topic, sorted by name.
  std::vector<config_entry> configs = {};
  /// Why the configs are unknown, for example because they need a permission. nullopt if the
  /// configs are known.
  std::optional<error> configs_failed = std::nullopt;
  std::optional<error> failed = std::nullopt;
};

/// The outcome of a change of one topic.
struct topic_outcome {
  std::string topic = {};
  /// nullopt if the change was made.
  std::optional<error> failed = std::nullopt;
};

} // namespace ottla::kafka
