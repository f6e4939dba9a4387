#pragma once

#include <ottla/configuration/environment.hpp>
#include <ottla/kafka/connection.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// The connections that a file and the environment describe.
struct loaded_settings {
  /// The connections by name. Empty if there is a fault. A connection's group_consumer has no
  /// handler, because a file cannot name C++ code. The program sets the handler.
  std::map<std::string, connection> connections = {};
  /// All faults of the file and the environment, one line each, such as
  /// `ottla.toml:3:1: connections.orders.brokrs is not a known key; the nearest is
  /// connections.orders.brokers`. No fault quotes a secret.
  std::vector<std::string> faults = {};
};

/// Reads connections from a TOML file and from environment variables. Environment variables take
/// precedence over the file. Settings that the program changes after this call take precedence over
/// both. docs/configuration.md lists all keys and variables.
///
///     auto loaded = kafka::load_settings("ottla.toml");
///     for (const auto& fault : loaded.faults)
///       fmt::print(stderr, "{}\n", fault);
///     if (!loaded.faults.empty())
///       return 1;
///     auto& orders = loaded.connections.at("orders");
///     orders.group_consumer->handler = kafka::handler<printer>();
///     return ottla::run({.id = "shop", .children = {orders}});
///
/// Checks that each key is known and has a value of its type, and that the settings of SASL are
/// complete. The start of a connection checks limits and all other combinations, see
/// validate(connection). Files and variables of secrets are read only when a Kafka handle opens.
///
/// Blocks while the file is read. Throws nothing for a bad file: a file that cannot be read or has
/// more than 1 MiB is a fault.
loaded_settings load_settings(const std::string& path,
                              const environment& variables = process_environment());

/// Like load_settings, for the text of a file. Faults of the text begin with `name`. By default, no
/// environment variable is read.
loaded_settings parse_settings(std::string_view text, std::string_view name,
                               const environment& variables = {});

} // namespace ottla::kafka
