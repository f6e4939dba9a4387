#pragma once

#include <ottla/registry/registered.hpp>

#include <string>
#include <vector>

namespace ottla::test {

/// The names with their int values, as in `orders=1, payments`.
inline std::string text(const std::vector<registered>& rows) {
  std::string all;
  for (const auto& row : rows) {
    const auto* value = value_as<int>(row.value);
    all += (all.empty() ? "" : ", ") + row.name + (value ? "=" + std::to_string(*value) : "");
  }
  return all;
}

} // namespace ottla::test
