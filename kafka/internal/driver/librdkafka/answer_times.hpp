#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace ottla::kafka {

/// Longest time that a healthy broker may take to answer a request.
struct answer_times {
  /// A fetch waits for messages. Kafka: fetch.wait.max.ms.
  std::chrono::milliseconds fetch{500};
  /// A produce request waits for the other replicas. librdkafka: request.timeout.ms.
  std::chrono::milliseconds produce{30'000};
  /// A commit waits for the replicas of the group's offsets. Default of the broker's
  /// offsets.commit.timeout.ms.
  std::chrono::milliseconds commit{5'000};

  /// `request` is Kafka's ApiKey. Returns zero if the broker answers at once. Returns nullopt if
  /// the broker waits for the other members of the group. A client does not know the limit of that
  /// wait.
  std::optional<std::chrono::milliseconds> of(std::int16_t request) const;
};

} // namespace ottla::kafka
