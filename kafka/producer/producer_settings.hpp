#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/extra_settings.hpp>
#include <ottla/kafka/producer/partitioner.hpp>

#include <chrono>
#include <cstddef>
#include <optional>

namespace ottla::kafka {

/// Settings of a connection's producer. Settings of single topics are in topic_producer_settings.
struct producer_settings {
  /// How long a record may wait for further records of its batch. The records of a caller that
  /// waits for their outcome are sent at once: those of producer::produce and produce_in_order, and
  /// those of a call to the process `producer` while no other records are pending. Kafka:
  /// linger.ms.
  saturating<std::chrono::microseconds> linger{5'000};
  /// Longest time until a record is stored or fails. Kafka: delivery.timeout.ms.
  saturating<std::chrono::milliseconds> delivery_timeout{120'000};
  /// Upper bound for all pending records of the connection. Counts keys, values and headers, an
  /// overhead for each header, and 256 bytes for each record. A produce that does not fit waits, or
  /// is rejected with errc::buffer_full, as the caller asks (see when_full). Kafka: buffer.memory
  /// (librdkafka: queue.buffering.max.kbytes).
  std::size_t buffer_bytes = 64 * 1024 * 1024;
  /// Retries store no record twice and keep the order of a partition. Kafka: enable.idempotence.
  bool idempotent = true;
  /// Chooses the partition of each record without a partition, in topics without a partitioner of
  /// their own. With nullopt, the key `partitioner` of `extra` decides; its default is murmur2.
  /// Kafka: partitioner.class.
  std::optional<kafka::partitioner> partitioner = std::nullopt;
  /// Other librdkafka keys of the producer's Kafka handle.
  extra_settings extra = {};
};

} // namespace ottla::kafka
