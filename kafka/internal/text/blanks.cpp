#include <ottla/kafka/internal/text/blanks.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace ottla::kafka {

namespace {

using code_point = std::uint32_t;

/// A character of a text, and its size in bytes. The size is 0 at the end of the text.
struct character {
  code_point code = 0;
  std::size_t size = 0;
};

struct code_range {
  code_point first;
  code_point last;
};

constexpr auto visible = std::to_array<code_range>({
  {0x00, 0x20},
  {0x7f, 0x85}, // 0x85 is a line end
  {0xa0, 0xa0},
  {0x1680, 0x1680},
  {0x2000, 0x200a},
  {0x2028, 0x2029},
  {0x202f, 0x202f},
  {0x205f, 0x205f},
  {0x2800, 0x2800},
  {0x3000, 0x3000},
});

constexpr auto invisible = std::to_array<code_range>({
  {0xad, 0xad},
  {0x34f, 0x34f},
  {0x61c, 0x61c},
  {0x115f, 0x1160},
  {0x17b4, 0x17b5},
  {0x180b, 0x180f},
  {0x200b, 0x200f},
  {0x202a, 0x202e},
  {0x2060, 0x206f},
  {0x3164, 0x3164},
  {0xfe00, 0xfe0f},
  {0xfeff, 0xfeff},
  {0xffa0, 0xffa0},
  {0xfff9, 0xfffb},
  {0xe0000, 0xe0fff},
});

template <std::size_t Size>
bool is_in(const std::array<code_range, Size>& ranges, code_point code) noexcept {
  return std::ranges::any_of(
    ranges, [code](code_range each) { return code >= each.first && code <= each.last; });
}

constexpr std::uint8_t byte_at(std::string_view text, std::size_t at) noexcept {
  return static_cast<std::uint8_t>(text[at]);
}

/// A byte that is not valid UTF-8 counts as a character of Latin-1.
character character_at(std::string_view text, std::size_t at) noexcept {
  if (at >= text.size())
    return {};
  const auto lead = byte_at(text, at);
  const std::size_t size = lead < 0xc2   ? 1
                           : lead < 0xe0 ? 2
                           : lead < 0xf0 ? 3
                           : lead < 0xf5 ? 4
                                         : 1;
  if (size == 1 || at + size > text.size())
    return {lead, 1};
  constexpr std::array<std::uint8_t, 5> mask_of_lead{0, 0, 0x1f, 0x0f, 0x07};
  code_point code = lead & mask_of_lead[size];
  for (std::size_t i = 1; i < size; ++i) {
    const auto next = byte_at(text, at + i);
    if ((next & 0xc0) != 0x80)
      return {lead, 1};
    code = code << 6 | (next & 0x3f);
  }
  return {code, size};
}

} // namespace

std::size_t blank_at(std::string_view text, std::size_t at) noexcept {
  const auto one = character_at(text, at);
  return is_in(visible, one.code) || is_in(invisible, one.code) ? one.size : 0;
}

std::size_t invisible_at(std::string_view text, std::size_t at) noexcept {
  const auto one = character_at(text, at);
  return is_in(invisible, one.code) ? one.size : 0;
}

std::size_t skip_blanks(std::string_view text, std::size_t at) noexcept {
  while (const auto size = blank_at(text, at))
    at += size;
  return std::min(at, text.size());
}

std::size_t find_blank(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && blank_at(text, at) == 0)
    at += character_at(text, at).size;
  return std::min(at, text.size());
}

bool is_blank(std::string_view text) noexcept {
  return skip_blanks(text, 0) == text.size();
}

std::string_view without_blanks_around(std::string_view text) noexcept {
  const auto begin = skip_blanks(text, 0);
  auto end = begin;
  for (auto at = begin; at < text.size();) {
    at = find_blank(text, at);
    end = at;
    at = skip_blanks(text, at);
  }
  return text.substr(begin, end - begin);
}

} // namespace ottla::kafka
