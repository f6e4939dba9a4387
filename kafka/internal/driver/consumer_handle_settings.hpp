#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/consumer/assignor.hpp>
#include <ottla/kafka/extra_settings.hpp>
#include <ottla/kafka/internal/memory_budget.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace ottla::kafka {

struct consumer_handle_settings {
  /// Kafka: group.id.
  std::string group = {};
  /// Static membership if not empty. Kafka: group.instance.id.
  std::string instance = {};
  /// Kafka: session.timeout.ms.
  saturating<std::chrono::milliseconds> session_timeout{45'000};
  /// Kafka: heartbeat.interval.ms.
  saturating<std::chrono::milliseconds> heartbeat_interval{3'000};
  /// Kafka: max.poll.interval.ms. The coordinator polls at least three times in this interval.
  saturating<std::chrono::milliseconds> max_poll_interval{300'000};
  /// Kafka: partition.assignment.strategy.
  assignor strategy = assignor::range;
  /// Kafka: fetch.max.wait.ms (librdkafka: fetch.wait.max.ms).
  saturating<std::chrono::milliseconds> fetch_wait{500};
  /// Kafka: fetch.min.bytes.
  std::size_t fetch_min_bytes = 1;
  fetch_memory memory = {};
  extra_settings extra = {};
};

} // namespace ottla::kafka
