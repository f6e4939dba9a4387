#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// Longest text that is reported, in bytes. Texts of programs and brokers may have any length. Each
/// copy of a long text costs time and memory.
inline constexpr std::size_t longest_shown = 8 * 1024;

/// Returns the first 8 KiB of the text, followed by `…` if the text is longer. Never splits a UTF-8
/// character.
inline std::string cut_text(std::string_view text) {
  if (text.size() <= longest_shown)
    return std::string{text};
  constexpr std::size_t longest_character = 4;
  const auto continues
    = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80; };
  auto end = longest_shown;
  while (end > longest_shown - longest_character && continues(end))
    --end;
  return std::string{text.substr(0, continues(end) ? longest_shown : end)} + "…";
}

} // namespace ottla::kafka
