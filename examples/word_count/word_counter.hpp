#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>{}(text);
  }
};

using word_counts = std::unordered_map<std::string, std::uint64_t, text_hash, std::equal_to<>>;

/// True for an ASCII letter or digit, in any locale: tr's [:alnum:].
constexpr bool is_word_character(char one) noexcept {
  return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9');
}

/// Counts words as `tr -cs '[:alnum:]' '\n' | tr A-Z a-z | sort | uniq -c` does. Unlike tr it makes
/// no empty word from a text that does not start with a word character.
void count_words(std::string_view text, word_counts& into);
