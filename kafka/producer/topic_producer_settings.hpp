#pragma once

#include <ottla/kafka/extra_settings.hpp>
#include <ottla/kafka/producer/partitioner.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace ottla::kafka {

/// How many replicas of a partition must have a record before Kafka confirms the record.
enum class ack_level : std::uint8_t {
  /// Kafka confirms nothing. A record counts as stored when it was sent, and has no offset.
  none,
  /// Only the leader. A record can be lost if the leader fails.
  leader,
  /// All in-sync replicas.
  all,
};

enum class codec : std::uint8_t { none, gzip, snappy, lz4, zstd };

/// Settings of one topic that a connection produces to. They override producer_settings. Topics
/// without settings of their own need no entry.
struct topic_producer_settings {
  std::string topic = {};
  /// Must be ack_level::all, or nullopt, if producer_settings::idempotent is true. With nullopt,
  /// the keys of producer_settings::extra decide; their default is all. Kafka: acks.
  std::optional<ack_level> acks = std::nullopt;
  /// How record batches are compressed. With nullopt, the keys of producer_settings::extra decide;
  /// their default is none. Kafka: compression.type.
  std::optional<codec> compression = std::nullopt;
  /// Chooses the partition of each record without a partition. With nullopt, the key `partitioner`
  /// of `extra` decides, and then producer_settings::partitioner. Kafka: partitioner.class.
  std::optional<kafka::partitioner> partitioner = std::nullopt;
  /// Other librdkafka keys of the topic, for example compression.level. A key that is not a
  /// topic-level key is a fault.
  extra_settings extra = {};
};

} // namespace ottla::kafka
