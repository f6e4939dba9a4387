#include "text/base64.hpp"

#include <cstdint>

namespace command {

namespace {

constexpr std::string_view digits
  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

} // namespace

std::string to_base64(std::string_view bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto group = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t each = 0; each < 3; ++each)
      bits = bits << 8 | (each < group.size() ? static_cast<std::uint8_t>(group[each]) : 0U);
    for (std::size_t each = 0; each < 4; ++each)
      text += each <= group.size() ? digits[bits >> (18 - 6 * each) & 63] : '=';
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0)
    return std::nullopt;
  std::string bytes;
  for (std::size_t at = 0; at < text.size(); at += 4) {
    auto group = text.substr(at, 4);
    if (at + 4 == text.size())
      while (group.size() > 2 && group.ends_with('='))
        group.remove_suffix(1);
    std::uint32_t bits = 0;
    for (const auto each : group) {
      const auto digit = digits.find(each);
      if (digit == std::string_view::npos)
        return std::nullopt;
      bits = bits << 6 | static_cast<std::uint32_t>(digit);
    }
    bits <<= 6 * (4 - group.size());
    for (std::size_t each = 0; each + 1 < group.size(); ++each)
      bytes += static_cast<char>(bits >> (16 - 8 * each) & 255);
    // Bits after the last byte must be zero, so that one text stands for these bytes.
    if ((bits & ((1U << (8 * (4 - group.size()))) - 1)) != 0)
      return std::nullopt;
  }
  return bytes;
}

} // namespace command
