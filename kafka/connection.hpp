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

/// A program's access to one Kafka cluster, as a child of the program's tree: a registry, a process
/// for admin requests, producers that share a Kafka handle, and one member of a consumer group. A
/// connection starts producers and the member only if they are configured. Its name is the prefix
/// of the names of its processes, for example `orders/producer/lines`. No process is registered as
/// just `orders`. (Elsa.Supervisor.)
///
///     const kafka::connection orders{
///       .name = "orders",
///       .brokers = "localhost:9092",
///       .producers = {{.topic = "orders"}},
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

  /// Topics to produce to. Each topic has a producer process.
  std::vector<topic_producer_settings> producers = {};
  /// Settings of all producers, which share one Kafka handle.
  producer_settings producing = {};
  /// The group member. nullopt for a connection without a consumer.
  std::optional<kafka::group_consumer> group_consumer = std::nullopt;

  /// Restart limit of each supervisor in this connection.
  restart_limit restarts = {};
  /// Receives failures and other events. If null, ottla prints failures on stderr, each kind once
  /// until the connection works again.
  std::shared_ptr<kafka::observer> observer = nullptr;
  /// Name of this client in logs and quotas of brokers. Kafka: client.id.
  std::string client_id = "ottla";
  /// How often topic metadata is refreshed. New partitions and deleted topics are found within this
  /// time. At most an hour. Kafka: metadata.max.age.ms.
  saturating<std::chrono::milliseconds> metadata_interval{300'000};
  /// Provides tokens for SASL's OAUTHBEARER. Set security.protocol and sasl.mechanisms in `extra`.
  /// If null, librdkafka gets tokens by itself, for example by OIDC, or uses none. Kafka:
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
