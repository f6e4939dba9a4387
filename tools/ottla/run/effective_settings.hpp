#pragma once

#include <ottla/kafka/connection.hpp>

#include <nlohmann/json.hpp>

#include <string>

namespace command {

/// The settings of a connection by the keys of the settings file. Secrets are `***`.
nlohmann::ordered_json effective_settings(const ottla::kafka::connection& of);

/// The document as lines `key = value`, each with a line end.
std::string setting_lines(const nlohmann::ordered_json& settings, const std::string& prefix);

} // namespace command
