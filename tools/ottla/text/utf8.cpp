#include "text/utf8.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace command {

namespace {

/// Length of the valid sequence at the beginning of the text; 0 if there is none.
std::size_t sequence_at(std::string_view text) noexcept {
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
  const auto first = byte(0);
  if (first < 0x80)
    return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length)
    return 0;
  for (std::size_t at = 1; at < length; ++at)
    if ((byte(at) & 0xc0) != 0x80)
      return 0;
  const auto second = byte(1);
  // Overlong forms, surrogates and numbers beyond U+10FFFF.
  if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f)
      || (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f))
    return 0;
  return length;
}

} // namespace

bool is_utf8(std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const auto length = sequence_at(bytes);
    if (length == 0)
      return false;
    bytes.remove_prefix(length);
  }
  return true;
}

std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const auto length = sequence_at(text);
    const auto first = static_cast<std::uint8_t>(text[0]);
    // U+0080 to U+009F are control characters too.
    const bool is_control
      = first < 0x20 || first == 0x7f
        || (length == 2 && first == 0xc2 && static_cast<std::uint8_t>(text[1]) < 0xa0);
    if (length == 0 || is_control) {
      for (std::size_t at = 0; at < std::max<std::size_t>(length, 1); ++at)
        shown += fmt::format("\\x{:02x}", static_cast<std::uint8_t>(text[at]));
    } else {
      shown += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return shown;
}

std::size_t width_of(std::string_view text) noexcept {
  std::size_t width = 0;
  for (const auto each : text)
    width += (static_cast<std::uint8_t>(each) & 0xc0) != 0x80;
  return width;
}

std::string_view cut_to_width(std::string_view text, std::size_t columns) noexcept {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool begins_code_point = (static_cast<std::uint8_t>(text[at]) & 0xc0) != 0x80;
    if (begins_code_point && columns-- == 0)
      return text.substr(0, at);
  }
  return text;
}

} // namespace command
