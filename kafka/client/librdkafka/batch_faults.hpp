#pragma once

namespace ottla::kafka {

// Faults of rd_kafka_consume_batch_queue, by the version of librdkafka as rd_kafka_version() tells
// it.

/// From 2.2.0 until 2.13.2 the position moves one too far at the end of a partition. If librdkafka
/// then pauses the partition, it goes on behind a message that nobody got (librdkafka #4844).
constexpr bool batches_skip_at_ends(int version) noexcept {
  return version >= 0x020200ff && version < 0x020d02ff;
}

/// Up to 2.0.x a batch that is being taken while librdkafka pauses the partition may lose messages:
/// those before the barrier are dropped, yet librdkafka goes on behind them.
constexpr bool batches_survive_pauses(int version) noexcept {
  return version >= 0x020100ff && !batches_skip_at_ends(version);
}

} // namespace ottla::kafka
