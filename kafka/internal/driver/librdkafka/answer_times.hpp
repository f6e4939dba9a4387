#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace ottla::kafka {

/// How long a healthy broker may wait before it answers a request.
struct answer_times {
  /// A fetch waits for messages. Kafka: fetch.wait.max.ms.
  std::chrono::milliseconds fetch{500};
  /// A produce request waits for the other replicas. librdkafka: request.timeout.ms.
  std::chrono::milliseconds produce{30'000};
  /// A commit waits for the replicas of the group's offsets. The broker's
  /// offsets.commit.timeout.ms, by default.
  std::chrono::milliseconds commit{5'000};

  /// `request` is Kafka's ApiKey. Zero: the broker answers at once. nullopt: the broker waits for
  /// the other members of the group, without a limit that a client knows.
  std::optional<std::chrono::milliseconds> of(std::int16_t request) const;
};

} // namespace ottla::kafka
