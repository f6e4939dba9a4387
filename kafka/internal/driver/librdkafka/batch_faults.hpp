#pragma once

namespace ottla::kafka {

// Faults of rd_kafka_consume_batch_queue by librdkafka version. `version` is rd_kafka_version().

/// True from 2.2.0 to 2.13.1. In these versions the position is one too high at the end of a
/// partition. If the partition is paused there, librdkafka resumes after a message that was never
/// delivered (librdkafka #4844).
constexpr bool batches_skip_at_ends(int version) noexcept {
  return version >= 0x020200ff && version < 0x020d02ff;
}

/// False if pausing a partition may lose messages of a batch. Up to 2.0.x, a batch loses messages
/// if the partition is paused while the batch is taken. librdkafka drops the messages before the
/// barrier op, and resumes after these messages.
constexpr bool batches_survive_pauses(int version) noexcept {
  return version >= 0x020100ff && !batches_skip_at_ends(version);
}

} // namespace ottla::kafka
