#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/consumer/consumer.hpp>
#include <ottla/kafka/consumer/group_consumer.hpp>
#include <ottla/kafka/extra_settings.hpp>
#include <ottla/kafka/oauth.hpp>
#include <ottla/kafka/observer.hpp>
#include <ottla/kafka/producer/producer_settings.hpp>
#include <ottla/kafka/producer/topic_producer_settings.hpp>
#include <ottla/kafka/security.hpp>
#include <ottla/supervision/child_spec.hpp>
#include <ottla/supervision/restart_limit.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ottla::kafka {

/// A program's access to one Kafka cluster, as a child of the program's tree: a registry, a process
/// for admin requests, a producer, one member of a consumer group, and consumers without a group. A
/// connection starts the producer, the member and the consumers only if they are configured. Its
/// name is the prefix of the names of its processes, for example `orders/producer`. No process is
/// registered as just `orders`. (Elsa.Supervisor.)
///
///     const kafka::connection orders{
///       .name = "orders",
///       .brokers = "localhost:9092",
///       .producing = kafka::producer_settings{},
///       .group_consumer = kafka::group_consumer{.group = "printers",
///                                               .topics = {"orders"},
///                                               .handler = kafka::handler<printer>()},
///     };
///     return ottla::run({.id = "shop", .children = {orders}});
struct connection {
  /// Required. Two connections of one application cannot have the same name.
  std::string name = {};
  /// Addresses of brokers: `host:port[,host:port…]`. Kafka: bootstrap.servers.
  std::string brokers = {};

  /// The producer, whose process is `producer`. It produces to any topic that a call names. If
  /// nullopt, the connection has a producer only if `producers` is not empty. That producer has the
  /// default settings.
  std::optional<producer_settings> producing = std::nullopt;
  /// Topics with settings of their own. Other topics need no entry.
  std::vector<topic_producer_settings> producers = {};
  /// The group member. nullopt for a connection without a group.
  std::optional<kafka::group_consumer> group_consumer = std::nullopt;
  /// Consumers without a group, at most one for each topic.
  std::vector<consumer> consumers = {};

  /// Restart limit of each supervisor in this connection.
  restart_limit restarts = {};
  /// Receives failures and other events. If null, ottla prints failures on stderr, each kind once
  /// until the connection works again.
  std::shared_ptr<kafka::observer> observer = nullptr;
  /// Name of this client in logs and quotas of brokers. Kafka: client.id.
  std::string client_id = "ottla";
  /// How often topic metadata is refreshed. New partitions and deleted topics are found within this
  /// time, also by consumers without a group. At most an hour. Kafka: metadata.max.age.ms.
  saturating<std::chrono::milliseconds> metadata_interval{300'000};
  /// Encryption and authentication, see security.hpp. Without TLS and SASL, `extra` decides. Kafka:
  /// security.protocol, ssl.* and sasl.*.
  security_settings security = {};
  /// Provides tokens for SASL's OAUTHBEARER. Set security.sasl to oauthbearer{}. If null,
  /// librdkafka gets tokens by itself, for example by OIDC, or uses none. Kafka:
  /// sasl.login.callback.handler.class.
  oauth_provider oauth_tokens = nullptr;
  /// Other librdkafka keys of all Kafka handles, for example sasl.*, ssl.* and security.protocol.
  extra_settings extra = {};

  /// The connection as a child. Bad settings become faults of the spec, and a start of the spec
  /// reports all faults together.
  operator child_spec() const;
};

/// Checks the settings. Returns each fault as one line; empty if there is no fault.
std::vector<std::string> validate(const connection& settings);

} // namespace ottla::kafka
