#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace command {

/// Whether the bytes are valid UTF-8: no overlong forms, no surrogates, nothing beyond U+10FFFF.
bool is_utf8(std::string_view bytes) noexcept;

/// The text with control characters and invalid bytes escaped, as in `\x1b`. Topics, groups and
/// client ids come from other clients, so tables never pass their bytes to a terminal.
std::string printable(std::string_view text);

/// Number of code points of a valid UTF-8 text.
std::size_t width_of(std::string_view text) noexcept;

/// The first `columns` code points of a valid UTF-8 text.
std::string_view cut_to_width(std::string_view text, std::size_t columns) noexcept;

} // namespace command
