#include <ottla/kafka/internal/driver/librdkafka/known_keys.hpp>
#include <ottla/kafka/internal/driver/librdkafka/refusal.hpp>
#include <ottla/kafka/internal/driver/librdkafka/reserved_keys.hpp>
#include <ottla/kafka/internal/text/on_one_line.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace ottla::kafka {

namespace {

constexpr std::size_t longest_shown = 200;

/// Returns the text in quotes, on one line, truncated after 200 bytes.
std::string in_quotes(const std::string& text) {
  const auto line = on_one_line(text.substr(0, longest_shown));
  return '"' + line + (text.size() > longest_shown ? "…" : "") + '"';
}

bool is_letter_or_digit(char one) noexcept {
  return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9');
}

/// Whether `text` contains the value or a word of the value. librdkafka splits lists and truncates
/// its texts, so `text` may quote only a word.
bool quotes_a_part_of(const std::string& value, const std::string& text) {
  constexpr std::size_t shortest = 4;
  constexpr std::size_t longest_compared = 12;
  if (!value.empty() && text.find(value) != std::string::npos)
    return true;
  for (auto from = value.begin(); from != value.end();) {
    const auto begin = std::find_if(from, value.end(), is_letter_or_digit);
    from = std::find_if_not(begin, value.end(), is_letter_or_digit);
    const std::string part{begin, from};
    if (part.size() >= shortest && text.find(part.substr(0, longest_compared)) != std::string::npos)
      return true;
  }
  return false;
}

bool may_quote_unknown_key(const std::string& key) {
  return similar_key(key) ? has_only_words_of_keys(key) : looks_like_a_key(key);
}

} // namespace

std::string refusal_of_value(const std::string& key, const std::string& value,
                             const std::string& why) {
  if (may_be_shown(key, value))
    return fmt::format("{} cannot be {}: {}", in_quotes(key), in_quotes(value), why);
  return fmt::format("{} has an invalid value{}: {}", in_quotes(key),
                     is_harmless(key) ? fmt::format(" ({} bytes, not shown)", value.size()) : "",
                     quotes_a_part_of(value, why) ? "librdkafka rejects the value" : why);
}

std::string refusal_of_key(const std::string& key, const std::string& value) {
  const auto similar = similar_key(key);
  const bool is_misspelt = similar && *similar != key;
  if (is_misspelt && may_quote_unknown_key(key))
    return fmt::format("{} is not a librdkafka key; a similar key is \"{}\"", in_quotes(key),
                       *similar);
  if (const auto meant = similar_key(value))
    return fmt::format("extra has a key that librdkafka does not know, and a value like \"{}\"; "
                       "key and value may be swapped",
                       *meant);
  if (similar == key
      || (!is_misspelt && may_quote_unknown_key(key) && !looks_like_a_key(value)
          && !names_a_secret(value)))
    return fmt::format("{} is not a librdkafka key", in_quotes(key));
  return fmt::format("extra has a key of {} characters that librdkafka does not know; the key is "
                     "not shown because it may be a secret{}",
                     key.size(),
                     similar ? fmt::format("; a similar key is \"{}\"", *similar) : std::string{});
}

std::string refusal_of_reserved_key(const std::string& key, std::string_view why) {
  if (is_reserved_by_name(key) || similar_key(key) == key || may_quote_unknown_key(key))
    return fmt::format("{} must not be in extra: {}", in_quotes(key), why);
  return fmt::format("extra has a key of {} characters that is reserved: {}; the key is not "
                     "shown because it may be a secret",
                     key.size(), why);
}

} // namespace ottla::kafka
