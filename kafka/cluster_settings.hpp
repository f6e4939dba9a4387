#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/client/fetch_memory.hpp>
#include <ottla/kafka/extra_settings.hpp>
#include <ottla/kafka/oauth.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Settings of every Kafka handle of a connection.
struct cluster_settings {
  /// `host:port[,host:port…]`. Kafka: bootstrap.servers.
  std::string brokers = {};
  /// Kafka: client.id.
  std::string client_id = "ottla";
  /// How often topic metadata is refreshed, for example to find new partitions. Kafka:
  /// metadata.max.age.ms (librdkafka: topic.metadata.refresh.interval.ms).
  saturating<std::chrono::milliseconds> metadata_interval{300'000};
  /// Provides tokens for SASL's OAUTHBEARER. Set security.protocol and sasl.mechanisms in `extra`.
  /// Null: librdkafka gets tokens by itself, for example by OIDC, or uses none. Kafka:
  /// sasl.login.callback.handler.class (librdkafka: oauthbearer_token_refresh_cb).
  oauth_provider oauth_tokens = nullptr;
  /// librdkafka keys without a field of their own, applied last. Keys that the runtime depends on
  /// are rejected.
  extra_settings extra = {};
};

enum class assignor : std::uint8_t { range, round_robin, cooperative_sticky };

struct consumer_handle_settings {
  /// Kafka: group.id.
  std::string group = {};
  /// Kafka: session.timeout.ms.
  saturating<std::chrono::milliseconds> session_timeout{45'000};
  /// Kafka: heartbeat.interval.ms.
  saturating<std::chrono::milliseconds> heartbeat_interval{3'000};
  /// Kafka: max.poll.interval.ms. The coordinator polls at least three times in this interval.
  saturating<std::chrono::milliseconds> max_poll_interval{300'000};
  /// Kafka: partition.assignment.strategy.
  assignor strategy = assignor::range;
  /// Static membership if not empty. Kafka: group.instance.id.
  std::string instance = {};
  /// Kafka: fetch.max.wait.ms (librdkafka: fetch.wait.max.ms).
  saturating<std::chrono::milliseconds> fetch_wait{500};
  /// Kafka: fetch.min.bytes.
  std::size_t fetch_min_bytes = 1;
  fetch_memory memory = {};
  extra_settings extra = {};
};

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

struct topic_info {
  std::string name = {};
  std::int32_t partitions = 0;
};

struct new_topic {
  std::string name = {};
  std::int32_t partitions = 1;
  std::int16_t replicas = 1;
};

} // namespace ottla::kafka
