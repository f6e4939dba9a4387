#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace ottla::kafka {

/// Where the value of a config comes from.
enum class config_source : std::uint8_t {
  unknown = 0,
  /// Set on the topic.
  topic,
  /// Set on one broker while it runs.
  broker,
  /// Set on all brokers while they run.
  all_brokers,
  /// The properties with which the broker was started.
  broker_properties,
  /// Kafka's default.
  built_in,
};

std::string_view to_string(config_source source) noexcept;

/// One config of a topic or of a broker.
struct config_entry {
  std::string name = {};
  /// nullopt if the config has no value, or if the value is secret. Brokers never return a secret
  /// value.
  std::optional<std::string> value = std::nullopt;
  config_source source = config_source::unknown;
  /// The value is secret, for example a password.
  bool is_sensitive = false;
  /// alter_configs cannot change the config.
  bool is_read_only = false;
};

/// The configs of a topic.
struct topic_configs {
  std::string topic = {};
};

/// The configs of a broker.
struct broker_configs {
  /// The broker's id.
  std::int32_t broker = 0;
};

/// The topic or the broker whose configs describe_configs reads and alter_configs changes.
using config_owner = std::variant<topic_configs, broker_configs>;

/// Returns `topic "orders"` or `broker 1`.
std::string to_string(const config_owner& owner);

/// A change for alter_configs.
struct config_change {
  std::string name = {};
  /// nullopt removes the value that is set, so that the default applies again.
  std::optional<std::string> value = std::nullopt;
};

} // namespace ottla::kafka
