#pragma once

#include <cstddef>
#include <string_view>

namespace ottla::kafka {

/// Size in bytes of the blank that begins at `at`; 0 if no blank begins there. Blanks are
/// characters that a reader does not see: ASCII blanks and control characters, and the spaces, line
/// ends and invisible characters of Unicode in UTF-8. The no-break space and the soft hyphen of
/// Latin-1 count too. A character must begin at `at`. For blanks written as escapes see
/// readable_text.
std::size_t blank_at(std::string_view text, std::size_t at) noexcept;

/// Like `blank_at`, but only for characters without a width. They can stand inside a word
/// unnoticed.
std::size_t invisible_at(std::string_view text, std::size_t at) noexcept;

/// The first place from `at` on where no blank begins.
std::size_t skip_blanks(std::string_view text, std::size_t at) noexcept;

/// The first place from `at` on where a blank begins; the size of the text if none does.
std::size_t find_blank(std::string_view text, std::size_t at) noexcept;

/// True if the text has blanks only, or nothing.
bool is_blank(std::string_view text) noexcept;

std::string_view without_blanks_around(std::string_view text) noexcept;

} // namespace ottla::kafka
