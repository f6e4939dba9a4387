#include "word_counter.hpp"

#include <algorithm>

void count_words(std::string_view text, word_counts& into) {
  std::string word;
  for (auto at = text.begin(); at != text.end();) {
    at = std::find_if(at, text.end(), is_word_character);
    const auto end = std::find_if_not(at, text.end(), is_word_character);
    if (at == end)
      return;
    word.assign(at, end);
    for (auto& one : word)
      if (one >= 'A' && one <= 'Z')
        one = static_cast<char>(one - 'A' + 'a');
    const auto found = into.find(std::string_view{word});
    if (found != into.end())
      ++found->second;
    else
      into.emplace(word, 1);
    at = end;
  }
}
