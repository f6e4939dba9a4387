#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace ottla::kafka {

/// A table without keys.
struct empty_table {};

/// A value of a type that no setting has, such as a date.
struct unusable_value {};

/// A value as a file or the environment gives it.
struct raw_value {
  using list = std::vector<std::string>;
  std::variant<std::string, std::int64_t, double, bool, list, empty_table, unusable_value> data
    = unusable_value{};
  /// The value is the text of an environment variable. The type of the setting decides how the text
  /// is read.
  bool is_variable = false;
};

/// Where a setting is. Faults are sorted by line and column, and begin with the text.
struct place {
  /// 0 for a variable.
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  /// `ottla.toml:3:1`, or the name of the variable.
  std::string text = {};
};

struct placed_fault {
  place where = {};
  std::string why = {};
};

/// One setting of one connection.
struct given_setting {
  std::string connection = {};
  /// Such as `producing.linger`. Empty for the table of the connection itself.
  std::string key = {};
  raw_value value = {};
  place where = {};
  /// The key as the user wrote it, for faults: `connections.orders.producing.linger`. Empty for a
  /// variable.
  std::string written = {};
};

} // namespace ottla::kafka
