#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/extra_settings.hpp>

#include <chrono>
#include <cstddef>

namespace ottla::kafka {

struct producer_settings {
  /// Kafka: linger.ms.
  saturating<std::chrono::microseconds> linger{5'000};
  /// Kafka: delivery.timeout.ms.
  saturating<std::chrono::milliseconds> delivery_timeout{120'000};
  /// Largest size of all pending records of the connection: their keys, values and headers, an
  /// overhead for each header, and 256 bytes for each record. Records that do not fit are rejected
  /// with errc::buffer_full. Kafka: buffer.memory (librdkafka: queue.buffering.max.kbytes).
  std::size_t buffer_bytes = 64 * 1024 * 1024;
  /// Kafka: enable.idempotence.
  bool idempotent = true;
  extra_settings extra = {};
};

} // namespace ottla::kafka
