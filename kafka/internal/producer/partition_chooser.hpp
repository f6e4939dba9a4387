#pragma once

#include <ottla/kafka/producer/partitioner.hpp>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// Applies a partitioner to the records of one topic, one record after the other.
///
/// Thread safety: call from any thread. The function of `custom` may run on several threads at the
/// same time.
class partition_chooser {
public:
  /// Equal seeds choose equal random partitions. The seed comes from below the seam.
  partition_chooser(partitioner how, std::string topic, std::uint64_t seed);

  /// The result of `choose` for a record whose partition librdkafka chooses: a record without a key
  /// under murmur2. Only librdkafka knows where batches begin, and so can choose a random partition
  /// for each batch.
  static constexpr std::int32_t left_to_the_client = -1;

  /// The partition of the next record. `partitions` is the topic's present number of partitions.
  result<std::int32_t> choose(std::int32_t partitions, std::optional<std::string_view> key,
                              std::optional<std::string_view> value);

  const partitioner& how() const noexcept { return how_; }

private:
  partitioner how_;
  std::string topic_;
  std::uint64_t seed_;
  /// Number of records that `random` or `round_robin` has placed.
  std::atomic<std::uint64_t> placed_ = 0;
};

} // namespace ottla::kafka
