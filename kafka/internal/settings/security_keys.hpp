#pragma once

#include <ottla/kafka/security.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// The librdkafka keys of security_settings.
struct security_keys {
  std::map<std::string, std::string> values = {};
  /// For each key that `extra` must not contain, the setting that the key contradicts. Also has the
  /// keys that are another form of a setting: a file instead of a text.
  std::map<std::string, std::string_view> owners = {};
  /// All faults, one line each, such as `security.sasl.user must not be empty, got ""`. A secret
  /// that cannot be read is a fault. No fault quotes a secret.
  std::vector<std::string> faults = {};
};

/// Translates the settings. Reads the secrets, so this function blocks while a file is read.
security_keys keys_of_security(const security_settings& settings);

/// The fault of `key`, which is in `extra` although `setting` sets it.
std::string fault_of_contradiction(std::string_view key, std::string_view setting);

} // namespace ottla::kafka
