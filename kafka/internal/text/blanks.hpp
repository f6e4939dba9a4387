#pragma once

#include <cstddef>
#include <string_view>

namespace ottla::kafka {

/// Returns the size in bytes of the blank that begins at `at`; 0 if no blank begins there. Blanks
/// are ASCII blanks, control characters up to U+0085, and Unicode's spaces, line ends and invisible
/// characters in UTF-8. The no-break space and the soft hyphen of Latin-1 are blanks too. A
/// character must begin at `at`. readable_text decodes blanks that are written as escapes.
std::size_t blank_at(std::string_view text, std::size_t at) noexcept;

/// Like `blank_at`, but only for characters without a width. A reader does not notice such a
/// character inside a word.
std::size_t invisible_at(std::string_view text, std::size_t at) noexcept;

/// Returns the first place at or after `at` where no blank begins.
std::size_t skip_blanks(std::string_view text, std::size_t at) noexcept;

/// Returns the first place at or after `at` where a blank begins; the size of the text if there is
/// none.
std::size_t find_blank(std::string_view text, std::size_t at) noexcept;

/// True if the text is empty or has only blanks.
bool is_blank(std::string_view text) noexcept;

std::string_view without_blanks_around(std::string_view text) noexcept;

} // namespace ottla::kafka
