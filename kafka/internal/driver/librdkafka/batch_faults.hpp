#pragma once

namespace ottla::kafka {

// Faults of rd_kafka_consume_batch_queue by librdkafka version. `version` is rd_kafka_version().

/// From 2.2.0 until 2.13.2 the position moves one too far at the end of a partition. If librdkafka
/// then pauses the partition, librdkafka resumes after a message that nobody received (librdkafka
/// #4844).
constexpr bool batches_skip_at_ends(int version) noexcept {
  return version >= 0x020200ff && version < 0x020d02ff;
}

/// Up to 2.0.x a batch may lose messages if librdkafka pauses the partition while the batch is
/// taken. librdkafka drops the messages before the barrier, yet resumes after them.
constexpr bool batches_survive_pauses(int version) noexcept {
  return version >= 0x020100ff && !batches_skip_at_ends(version);
}

} // namespace ottla::kafka
