#pragma once

#include <cstddef>
#include <string_view>

namespace ottla::kafka {

/// The blank that begins at a place of a text, in bytes; 0: there is none. Blanks are what a reader
/// does not see: ASCII's blanks and control characters, the spaces, line ends and invisible
/// characters of Unicode in UTF-8, and the no-break space of Latin-1. The place must be where a
/// character begins. Blanks that are written as escapes: see readable_text.
std::size_t blank_at(std::string_view text, std::size_t at) noexcept;

/// Like `blank_at`, of the characters without a width alone. Somebody may have them inside of a
/// word and not know it.
std::size_t invisible_at(std::string_view text, std::size_t at) noexcept;

/// The first place from `at` on where no blank begins.
std::size_t skip_blanks(std::string_view text, std::size_t at) noexcept;

/// The first place from `at` on where a blank begins; the size of the text if none does.
std::size_t find_blank(std::string_view text, std::size_t at) noexcept;

/// True if the text has blanks only, or nothing.
bool is_blank(std::string_view text) noexcept;

std::string_view without_blanks_around(std::string_view text) noexcept;

} // namespace ottla::kafka
