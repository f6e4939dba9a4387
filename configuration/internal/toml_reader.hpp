#pragma once

#include <ottla/configuration/internal/raw_value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// The settings of a file in its order, and its faults. A fault names file, line and column.
struct read_settings {
  std::vector<given_setting> settings = {};
  std::vector<placed_fault> faults = {};
};

/// Reads TOML. A file with a syntax error has no settings and one fault, because the rest of such a
/// file has no certain meaning.
read_settings read_toml(std::string_view text, std::string_view name);

} // namespace ottla::kafka
