#include <ottla/configuration/internal/nearest.hpp>
#include <ottla/configuration/internal/schema.hpp>
#include <ottla/configuration/internal/variables.hpp>
#include <ottla/kafka/internal/settings/name_limits.hpp>
#include <ottla/kafka/internal/text/lower_case.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace ottla::kafka {

namespace {

constexpr const char* list_of_connections = "OTTLA_CONNECTIONS";

std::string prefix_of(const std::string& connection) {
  return "OTTLA_" + variable_of(connection) + '_';
}

/// `extra.security.protocol` for EXTRA_SECURITY_PROTOCOL. nullopt if the variable is unknown.
std::optional<std::string> key_of(std::string_view variable) {
  for (const auto& each : connection_schema()) {
    const auto name = variable_of(each.key);
    if (!each.is_table && name == variable)
      return each.key;
    if (each.is_table && variable.size() > name.size() + 1 && variable.starts_with(name)
        && variable[name.size()] == '_') {
      auto rest = in_lower_case(variable.substr(name.size() + 1));
      std::ranges::replace(rest, '_', '.');
      return each.key + '.' + rest;
    }
  }
  return std::nullopt;
}

std::vector<std::string> names_of_variables(const std::string& prefix) {
  std::vector<std::string> names;
  for (const auto& each : connection_schema())
    if (!each.is_table)
      names.push_back(prefix + variable_of(each.key));
  return names;
}

} // namespace

std::vector<std::string> named_connections(const environment& variables) {
  std::vector<std::string> names;
  const auto found = variables.find(list_of_connections);
  if (found == variables.end())
    return names;
  const auto& text = found->second;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    auto name = text.substr(begin, end - begin);
    std::erase(name, ' ');
    if (!name.empty())
      names.push_back(std::move(name));
    begin = end + 1;
  }
  return names;
}

read_settings read_variables(const environment& variables,
                             const std::vector<std::string>& connections) {
  read_settings read;
  std::map<std::string, std::string> prefixes;
  for (const auto& each : connections)
    if (const auto [found, is_new] = prefixes.emplace(prefix_of(each), each); !is_new)
      read.faults.push_back({{.text = found->first + "*"},
                             fmt::format("stands for both connections \"{}\" and \"{}\"",
                                         shown(found->second), shown(each))});
  for (const auto& [name, value] : variables) {
    if (name == list_of_connections)
      continue;
    // The longest prefix wins: OTTLA_ORDERS_EU_BROKERS belongs to "orders_eu" if it exists.
    const std::pair<const std::string, std::string>* owner = nullptr;
    for (const auto& each : prefixes)
      if (name.starts_with(each.first)
          && (owner == nullptr || each.first.size() > owner->first.size()))
        owner = &each;
    if (owner == nullptr)
      continue;
    const auto key = key_of(std::string_view{name}.substr(owner->first.size()));
    if (key) {
      read.settings.push_back({.connection = owner->second,
                               .key = *key,
                               .value = {.data = value, .is_variable = true},
                               .where = {.text = name}});
      continue;
    }
    const auto similar = nearest(name, names_of_variables(owner->first));
    read.faults.push_back({{.text = shown(name)},
                           similar ? "is not a known variable; the nearest is " + *similar
                                   : fmt::format("is not a known variable of the connection \"{}\"",
                                                 shown(owner->second))});
  }
  return read;
}

} // namespace ottla::kafka
