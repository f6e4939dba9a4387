#pragma once

#include <cstddef>
#include <string_view>

namespace ottla {

/// Longest name of a process, in bytes.
inline constexpr std::size_t longest_name = 300;

/// Whether the text has a control character. Control characters corrupt log lines, and a NUL ends a
/// C string.
bool has_control_characters(std::string_view text);

/// Throws std::invalid_argument, quoting the name, if the name is empty, longer than longest_name,
/// or has control characters.
void check_name(std::string_view name);

} // namespace ottla
