#pragma once

#include <ottla/configuration/environment.hpp>
#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/connection.hpp>

#include "arguments/arguments.hpp"

#include <string>
#include <variant>
#include <vector>

namespace command {

/// All faults of the settings, one line each. Never empty.
using setting_faults = std::vector<std::string>;

/// The connection that a command uses, from the settings file and the environment. The brokers of
/// the arguments override its brokers. Its name is `command`. `has_default_file` tells whether
/// ottla.toml exists in the current folder.
std::variant<ottla::kafka::connection, setting_faults>
choose_connection(const common_arguments& given, const ottla::kafka::environment& variables,
                  bool has_default_file);

/// The file that a command reads; empty if there is none.
std::string settings_file(const common_arguments& given, const ottla::kafka::environment& variables,
                          bool has_default_file);

ottla::kafka::cluster_settings cluster_of(const ottla::kafka::connection& of);

} // namespace command
