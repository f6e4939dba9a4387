#pragma once

#include <cstddef>
#include <string_view>

namespace ottla {

/// Longest name of a process, in bytes.
inline constexpr std::size_t longest_name = 300;

/// Which a log could not show, and a C string may end at.
bool has_control_characters(std::string_view text);

/// Throws std::invalid_argument, quoting the name, for one that is empty, longer than longest_name
/// or holds control characters.
void check_name(std::string_view name);

} // namespace ottla
