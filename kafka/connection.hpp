#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/consumer/group_consumer.hpp>
#include <ottla/kafka/extra_settings.hpp>
#include <ottla/kafka/oauth.hpp>
#include <ottla/kafka/observer.hpp>
#include <ottla/kafka/producer/producer_settings.hpp>
#include <ottla/kafka/producer/topic_producer_settings.hpp>
#include <ottla/supervision/child_spec.hpp>
#include <ottla/supervision/restart_limit.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ottla::kafka {

/// Everything a program does with one Kafka cluster, as a child of its tree: a registry, producers
/// that share a Kafka handle, and a consumer group member. Parts that are not configured are not
/// started. The connection's name is the prefix of its processes' names: `orders/producer/lines`.
/// No process has the connection's name alone. (Elsa.Supervisor.)
struct connection {
  std::string name = {};
  /// `host:port[,host:port…]`. Kafka: bootstrap.servers.
  std::string brokers = {};

  std::vector<topic_producer_settings> producers = {};
  /// For all of these producers: they share one Kafka handle.
  producer_settings producing = {};
  std::optional<kafka::group_consumer> group_consumer = std::nullopt;

  /// Limit of each supervisor in this connection.
  restart_limit restarts = {};
  /// Null: failures are printed on stderr, each kind once until the connection works again.
  std::shared_ptr<kafka::observer> observer = nullptr;
  /// Kafka: client.id.
  std::string client_id = "ottla";
  /// How often topic metadata is refreshed. New partitions and deleted topics are found within that
  /// time. At most an hour. Kafka: metadata.max.age.ms.
  saturating<std::chrono::milliseconds> metadata_interval{300'000};
  /// Provides tokens for SASL's OAUTHBEARER. Set security.protocol and sasl.mechanisms in `extra`.
  /// Null: librdkafka gets tokens by itself, for example by OIDC, or uses none. Kafka:
  /// sasl.login.callback.handler.class.
  oauth_provider oauth_tokens = nullptr;
  /// librdkafka keys for every handle: sasl.*, ssl.*, security.protocol and so on.
  extra_settings extra = {};

  /// Bad settings become faults of the spec. A start of the spec reports all of them at once.
  operator child_spec() const;
};

/// Every fault of the settings, one line each; empty if there is none.
std::vector<std::string> validate(const connection& settings);

} // namespace ottla::kafka
