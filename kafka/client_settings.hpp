#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/client/fetch_memory.hpp>
#include <ottla/kafka/oauth.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ottla::kafka {

/// What every handle of a connection has in common.
struct client_settings {
  /// `host:port[,host:port…]`. Kafka: bootstrap.servers.
  std::string brokers = {};
  /// Kafka: client.id.
  std::string client_id = "ottla";
  /// How often topics are looked at, for new partitions among others. Kafka: metadata.max.age.ms
  /// (librdkafka: topic.metadata.refresh.interval.ms).
  saturating<std::chrono::milliseconds> metadata_interval{300'000};
  /// Who provides tokens for SASL's OAUTHBEARER, which is set up in `extra` (security.protocol,
  /// sasl.mechanisms); null: librdkafka's own ways, as OIDC, or none. Kafka:
  /// sasl.login.callback.handler.class (librdkafka: oauthbearer_token_refresh_cb).
  oauth_provider oauth_tokens = nullptr;
  /// Keys of librdkafka that are not modelled, applied last. Those the runtime depends on are
  /// refused.
  std::map<std::string, std::string> extra = {};
};

enum class assignor : std::uint8_t { range, round_robin, cooperative_sticky };

struct consumer_settings {
  /// Kafka: group.id.
  std::string group = {};
  /// Kafka: session.timeout.ms.
  saturating<std::chrono::milliseconds> session_timeout{45'000};
  /// Kafka: heartbeat.interval.ms.
  saturating<std::chrono::milliseconds> heartbeat_interval{3'000};
  /// Kafka: max.poll.interval.ms. The coordinator looks for events at a third of it.
  saturating<std::chrono::milliseconds> max_poll_interval{300'000};
  /// Kafka: partition.assignment.strategy.
  assignor strategy = assignor::range;
  /// Static membership, where it is not empty. Kafka: group.instance.id.
  std::string instance = {};
  /// Kafka: fetch.max.wait.ms (librdkafka: fetch.wait.max.ms).
  saturating<std::chrono::milliseconds> fetch_wait{500};
  /// Kafka: fetch.min.bytes.
  std::size_t fetch_min_bytes = 1;
  fetch_memory memory = {};
  std::map<std::string, std::string> extra = {};
};

struct producer_settings {
  /// Kafka: linger.ms.
  saturating<std::chrono::microseconds> linger{5'000};
  /// Kafka: delivery.timeout.ms.
  saturating<std::chrono::milliseconds> delivery_timeout{120'000};
  /// Most that all records of the connection that wait to be stored may take: their keys, values
  /// and headers, and 256 bytes for each record. Records beyond that are refused with
  /// errc::buffer_full. Kafka: buffer.memory (librdkafka: queue.buffering.max.kbytes).
  std::size_t buffer_bytes = 64 * 1024 * 1024;
  /// Kafka: enable.idempotence.
  bool idempotent = true;
  std::map<std::string, std::string> extra = {};
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
