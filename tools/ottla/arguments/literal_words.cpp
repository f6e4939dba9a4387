#include "arguments/literal_words.hpp"

#include <cstddef>

namespace command {

namespace {

/// A word cannot hold the byte of the marks itself, since each such byte is escaped.
constexpr char mark_byte = '\x01';
constexpr std::string_view mark = "\x01\x03";
constexpr std::string_view escaped_byte = "\x01\x02";

bool is_plain(char first) {
  return (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z')
         || (first >= '0' && first <= '9');
}

/// Where the value of a word begins: after `--name=`, after `-x`, or at the front. npos if the word
/// is only the name of an option.
std::size_t begin_of_value(std::string_view word) {
  if (word.starts_with("--")) {
    const auto sign = word.find('=');
    return sign == std::string_view::npos ? sign : sign + 1;
  }
  if (word.starts_with('-'))
    return word.size() > 2 ? 2 : std::string_view::npos;
  return 0;
}

std::string marked(std::string_view word) {
  std::string whole;
  const auto value = begin_of_value(word);
  for (std::size_t at = 0; at <= word.size(); ++at) {
    if (at == value && (at == word.size() || !is_plain(word[at])))
      whole += mark;
    if (at == word.size())
      break;
    if (word[at] == mark_byte)
      whole += escaped_byte;
    else
      whole += word[at];
  }
  return whole;
}

} // namespace

std::vector<std::string> marked(const std::vector<std::string>& words) {
  std::vector<std::string> all;
  for (const auto& each : words)
    all.push_back(marked(std::string_view{each}));
  return all;
}

std::string literal(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    if (text.starts_with(mark)) {
      text.remove_prefix(mark.size());
    } else if (text.starts_with(escaped_byte)) {
      plain += mark_byte;
      text.remove_prefix(escaped_byte.size());
    } else {
      plain += text.front();
      text.remove_prefix(1);
    }
  }
  return plain;
}

} // namespace command
