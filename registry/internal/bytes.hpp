#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ottla::detail {

// Reads short texts a word at a time. For texts this short a library call costs more than the read.

template <class Word>
std::uint64_t load(const char* from) noexcept {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

/// Loads up to eight bytes, by overlapping reads instead of a loop.
inline std::uint64_t load_up_to_8(const char* at, std::size_t count) noexcept {
  if (count >= 4)
    return load<std::uint32_t>(at) << 32 | load<std::uint32_t>(at + count - 4);
  if (count == 0)
    return 0;
  return load<std::uint8_t>(at) << 16 | load<std::uint8_t>(at + count / 2) << 8
         | load<std::uint8_t>(at + count - 1);
}

inline bool equal(const char* left, const char* right, std::size_t count) noexcept {
  for (; count > 8; count -= 8, left += 8, right += 8)
    if (load<std::uint64_t>(left) != load<std::uint64_t>(right))
      return false;
  return load_up_to_8(left, count) == load_up_to_8(right, count);
}

} // namespace ottla::detail
