#pragma once

#include <ottla/configuration/environment.hpp>
#include <ottla/configuration/internal/toml_reader.hpp>

#include <string>
#include <vector>

namespace ottla::kafka {

/// The names in OTTLA_CONNECTIONS, which are separated by commas. These connections exist even if a
/// file does not name them.
std::vector<std::string> named_connections(const environment& variables);

/// The settings in variables OTTLA_<CONNECTION>_<KEY> of these connections. Ignores variables of
/// other names. Two connections with the same prefix of variables are a fault.
read_settings read_variables(const environment& variables,
                             const std::vector<std::string>& connections);

} // namespace ottla::kafka
