#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ottla::kafka {

/// A place in a TOML text that toml++ cannot parse safely.
struct toml_hazard {
  /// Both count from 1. The column counts characters.
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  /// Description for people.
  std::string_view text = {};
};

/// Finds the first hazard of a TOML text, so that the text is rejected before toml++ sees it:
/// - A key of a hundred thousand parts, a.b.c, overflows the stack of toml++, which recurses. A
/// line
///   may have 500 dots.
/// - toml++ 3.3 has undefined behaviour for some characters outside of strings and comments, for
///   example é. TOML allows no such character there.
std::optional<toml_hazard> find_toml_hazard(std::string_view text);

} // namespace ottla::kafka
