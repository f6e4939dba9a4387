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
/// - toml++ recurses for each part of a key such as a.b.c, and overflows the stack for a key of a
///   hundred thousand parts. A line may have at most 500 dots outside of strings and comments.
/// - toml++ 3.3 has undefined behavior for some characters outside of strings and comments, for
///   example é. TOML allows only ASCII characters there.
std::optional<toml_hazard> find_toml_hazard(std::string_view text);

} // namespace ottla::kafka
