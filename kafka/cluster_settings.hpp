#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/extra_settings.hpp>
#include <ottla/kafka/oauth.hpp>
#include <ottla/kafka/security.hpp>

#include <chrono>
#include <string>

namespace ottla::kafka {

/// Settings that all Kafka handles of one cluster share. Requests that need no kafka::connection,
/// such as list_topics, take these settings. See admin/topics.hpp.
struct cluster_settings {
  /// Addresses of brokers: `host:port[,host:port…]`. Kafka: bootstrap.servers.
  std::string brokers = {};
  /// Name of this client in logs and quotas of brokers. Kafka: client.id.
  std::string client_id = "ottla";
  /// How often topic metadata is refreshed, for example to find new partitions. Kafka:
  /// metadata.max.age.ms (librdkafka: topic.metadata.refresh.interval.ms).
  saturating<std::chrono::milliseconds> metadata_interval{300'000};
  /// Encryption and authentication, see security.hpp. Without TLS and SASL, `extra` decides.
  security_settings security = {};
  /// Provides tokens for SASL's OAUTHBEARER. Set security.sasl to oauthbearer{}. If null,
  /// librdkafka gets tokens by itself, for example by OIDC, or uses none. Kafka:
  /// sasl.login.callback.handler.class (librdkafka: oauthbearer_token_refresh_cb).
  oauth_provider oauth_tokens = nullptr;
  /// Other librdkafka keys, applied last. Keys that ottla depends on are rejected.
  extra_settings extra = {};
};

} // namespace ottla::kafka
