#pragma once

#include <ottla/actors/saturating.hpp>
#include <ottla/kafka/client_settings.hpp>
#include <ottla/kafka/group_consumer.hpp>
#include <ottla/kafka/observer.hpp>
#include <ottla/kafka/producer/topic_producer.hpp>
#include <ottla/supervision/child_spec.hpp>
#include <ottla/supervision/restart_window.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ottla::kafka {

class client;

/// Everything a program does with one Kafka cluster, as a child of its tree: a registry of its own,
/// a shared client with its producers, and a consumer group member. What is not configured is not
/// started. Its processes are found below its name, which itself names none:
/// `orders/producer/lines`. (Elsa.Supervisor.)
struct connection {
  std::string name = {};
  /// `host:port[,host:port…]`. Kafka: bootstrap.servers.
  std::string brokers = {};

  std::vector<topic_producer_settings> producers = {};
  /// How the shared client produces.
  producer_settings producing = {};
  std::optional<kafka::group_consumer> group_consumer = std::nullopt;

  /// Of each supervisor in this connection.
  restart_limit restarts = {};
  /// Null: failures are printed on stderr, each text once in a row.
  std::shared_ptr<kafka::observer> observer = nullptr;
  /// Kafka: client.id.
  std::string client_id = "ottla";
  /// How often topics are looked at: new partitions are found, and deleted topics noticed, within
  /// that. At most an hour. Kafka: metadata.max.age.ms.
  saturating<std::chrono::milliseconds> metadata_interval{300'000};
  /// Who provides tokens for SASL's OAUTHBEARER, which is set up in `extra` (security.protocol,
  /// sasl.mechanisms); null: librdkafka's own ways, as OIDC, or none. Kafka:
  /// sasl.login.callback.handler.class.
  oauth_provider oauth_tokens = nullptr;
  /// Keys of librdkafka for every handle: sasl.*, ssl.*, security.protocol and so on.
  std::map<std::string, std::string> extra = {};
  /// What stands for Kafka; null: librdkafka. For simulations in ottla's own tests: its interface
  /// is not installed.
  std::shared_ptr<kafka::client> client = nullptr;

  /// Bad settings become faults of the spec: whoever starts it is told all of them at once.
  operator child_spec() const;
};

/// All that is wrong with the settings, one line each; empty when nothing is.
std::vector<std::string> validate(const connection& settings);

} // namespace ottla::kafka
