#pragma once

#include <ottla/configuration/internal/draft.hpp>
#include <ottla/configuration/internal/raw_value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// One setting of a connection. connection_schema() is the only list of settings. Files, names of
/// variables, hints for unknown keys and the reference use this list.
struct setting_field {
  /// Such as `producing.linger`. The key of a table with free keys, such as `extra`.
  std::string key = {};
  /// What the setting does, for the reference.
  std::string_view meaning = {};
  /// Such as `duration`.
  std::string type = {};
  /// As written in a file; empty if there is none.
  std::string initial = {};
  /// Fields with the same target cannot be set together: `password` and `password_file`.
  std::string target = {};
  /// Whether the keys below `key` are free, as in `extra`.
  bool is_table = false;
  /// Stores the value. `name` is the free key of a table. Returns a fault, or an empty text.
  std::string (*store)(const setting_field& field, draft& to, const std::string& name,
                       const raw_value& value)
    = nullptr;
};

/// All settings of a connection, in the order of the reference.
const std::vector<setting_field>& connection_schema();

/// The setting for a key: `extra` for `extra.compression.type`. Null if the key is unknown.
const setting_field* find_field(std::string_view key);

/// Whether the key is the table of known settings, such as `producing`.
bool is_known_table(std::string_view key);

/// The part of a variable's name after the connection: `PRODUCING_LINGER` for `producing.linger`.
std::string variable_of(std::string_view key);

} // namespace ottla::kafka
