#include "run/settings.hpp"

#include <ottla/configuration/load_settings.hpp>

#include "text/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace command {

namespace kafka = ottla::kafka;

namespace {

constexpr const char* connection_name = "command";
constexpr const char* no_brokers
  = "no brokers: set --brokers HOST:PORT, the environment variable OTTLA_BROKERS, or brokers of a "
    "connection in ottla.toml";

std::string value_in(const kafka::environment& variables, const std::string& name) {
  const auto found = variables.find(name);
  return found == variables.end() ? std::string{} : found->second;
}

/// OTTLA_ORDERS_EU_BROKERS for the connection "orders-eu", as configuration.md says.
std::string brokers_variable(const std::string& connection) {
  std::string name;
  for (const auto each : connection) {
    const bool is_lower = each >= 'a' && each <= 'z';
    const bool is_kept = (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9');
    name += is_lower ? static_cast<char>(each - 'a' + 'A') : is_kept ? each : '_';
  }
  return "OTTLA_" + name + "_BROKERS";
}

std::string quoted_names(const std::map<std::string, kafka::connection>& connections) {
  std::string names;
  for (const auto& [name, each] : connections)
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", printable(name));
  return names;
}

/// The connection that the user names, or the only connection. A connection without settings if
/// there is none.
std::variant<kafka::connection, setting_faults> chosen_from(kafka::loaded_settings loaded,
                                                            const std::string& wanted) {
  auto& all = loaded.connections;
  if (!wanted.empty()) {
    const auto found = all.find(wanted);
    if (found != all.end())
      return std::move(found->second);
    return setting_faults{
      all.empty() ? fmt::format("the settings have no connection \"{}\"", printable(wanted))
                  : fmt::format("the settings have no connection \"{}\", only {}",
                                printable(wanted), quoted_names(all))};
  }
  if (all.size() > 1)
    return setting_faults{
      fmt::format("the settings have several connections: choose one of {} with --connection",
                  quoted_names(all))};
  return all.empty() ? kafka::connection{} : std::move(all.begin()->second);
}

} // namespace

kafka::cluster_settings cluster_of(const kafka::connection& of) {
  return {.brokers = of.brokers,
          .client_id = of.client_id,
          .metadata_interval = of.metadata_interval,
          .security = of.security,
          .oauth_tokens = of.oauth_tokens,
          .extra = of.extra};
}

std::string settings_file(const common_arguments& given, const kafka::environment& variables,
                          bool has_default_file) {
  if (given.no_settings)
    return {};
  if (!given.settings_file.empty())
    return given.settings_file;
  if (auto named = value_in(variables, "OTTLA_SETTINGS"); !named.empty())
    return named;
  return has_default_file ? "ottla.toml" : "";
}

std::variant<kafka::connection, setting_faults>
choose_connection(const common_arguments& given, const kafka::environment& variables,
                  bool has_default_file) {
  kafka::loaded_settings loaded;
  const auto file = settings_file(given, variables, has_default_file);
  if (!file.empty())
    loaded = kafka::load_settings(file, variables);
  else if (!given.no_settings)
    loaded = kafka::parse_settings("", "", variables);
  if (!loaded.faults.empty())
    return std::move(loaded.faults);
  auto chosen = chosen_from(std::move(loaded), given.connection);
  auto* connection = std::get_if<kafka::connection>(&chosen);
  if (connection == nullptr)
    return chosen;

  const auto common_variable = value_in(variables, "OTTLA_BROKERS");
  if (!given.brokers.empty())
    connection->brokers = given.brokers;
  else if (!common_variable.empty()
           && (given.no_settings || !variables.contains(brokers_variable(connection->name))))
    connection->brokers = common_variable;
  if (connection->brokers.empty())
    return setting_faults{no_brokers};

  // Each command that consumes or produces checks its own part.
  auto checked = *connection;
  // Faults name the connection as the user does.
  if (checked.name.empty())
    checked.name = connection_name;
  checked.group_consumer = std::nullopt;
  checked.producing = std::nullopt;
  checked.producers.clear();
  if (auto wrong = kafka::validate(checked); !wrong.empty())
    return wrong;
  connection->name = connection_name;
  return chosen;
}

} // namespace command
