#include <ottla/kafka/client/blanks.hpp>
#include <ottla/kafka/client/character_kinds.hpp>
#include <ottla/kafka/client/secret_mask.hpp>
#include <ottla/kafka/client/secret_patterns.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace ottla::kafka {

namespace {

constexpr std::string_view mask = "***";
constexpr std::size_t shortest_anywhere = 4;

/// A longer text is no text for people, and masking costs time.
constexpr std::size_t longest_text = 8 * 1024;

/// Of small letters only. A secret is rarely such a word, and a text would miss it.
bool is_a_plain_word(std::string_view text) {
  return std::ranges::all_of(text, is_small);
}

/// As a text in JSON has it.
std::string in_json(std::string_view secret) {
  std::string escaped;
  for (const auto one : secret)
    switch (one) {
      case '"':
      case '\\': escaped += {'\\', one}; break;
      case '\n': escaped += "\\n"; break;
      case '\r': escaped += "\\r"; break;
      case '\t': escaped += "\\t"; break;
      default: escaped += one;
    }
  return escaped;
}

/// As a URL or a form has it.
std::string in_a_url(std::string_view secret) {
  std::string encoded;
  for (const auto one : secret)
    if (is_letter_or_digit(one) || std::string_view{"-._~"}.find(one) != std::string_view::npos)
      encoded += one;
    else
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(one));
  return encoded;
}

/// What a text that was cut leaves of a secret at its end.
void replace_beginning_at_end(std::string& text, std::string_view secret) {
  constexpr std::size_t fewest = 6;
  if (secret.size() <= fewest)
    return;
  for (auto size = std::min(secret.size() - 1, text.size()); size >= fewest; --size)
    if (std::string_view{text}.ends_with(secret.substr(0, size))) {
      text.replace(text.size() - size, size, mask);
      return;
    }
}

bool stands_alone(std::string_view text, std::size_t at, std::size_t size) {
  const bool begins = at == 0 || !is_letter_or_digit(text[at - 1]);
  const bool ends = at + size == text.size() || !is_letter_or_digit(text[at + size]);
  return begins && ends;
}

void replace_all(std::string& text, std::string_view secret) {
  for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos;) {
    if (secret.size() < shortest_anywhere && !stands_alone(text, at, secret.size())) {
      ++at;
      continue;
    }
    text.replace(at, secret.size(), mask);
    at += mask.size();
  }
}

} // namespace

void secret_mask::hide(std::string_view secret) {
  // A password that was read from a file may have the file's last line end.
  const auto bare = without_blanks_around(secret);
  for (const auto& form : {std::string{secret}, std::string{bare}, in_json(bare), in_a_url(bare)})
    hide_as_it_is(form);
}

void secret_mask::hide_as_it_is(std::string_view secret) {
  if (secret.empty() || std::ranges::find(secrets_, secret) != secrets_.end())
    return;
  const auto longer = [&](const std::string& one) { return one.size() < secret.size(); };
  secrets_.emplace(std::ranges::find_if(secrets_, longer), secret);
}

void secret_mask::hide_unless_a_plain_word(std::string_view value) {
  if (!is_a_plain_word(value))
    hide(value);
}

void secret_mask::hide_values_in(std::string_view pairs) {
  constexpr std::string_view between = " \t\r\n,;&";
  hide(pairs);
  for (std::size_t begin = 0; begin < pairs.size();) {
    const auto end = std::min(pairs.find_first_of(between, begin), pairs.size());
    const auto pair = pairs.substr(begin, end - begin);
    hide_value_of(pair);
    // A blank that ASCII does not have is between pairs, or a part of a value.
    auto blank = find_blank(pair, 0);
    if (blank < pair.size())
      for (std::size_t at = 0; at < pair.size(); at = skip_blanks(pair, blank)) {
        blank = find_blank(pair, at);
        hide_value_of(pair.substr(at, blank - at));
      }
    begin = end + 1;
  }
}

void secret_mask::hide_value_of(std::string_view pair) {
  const auto sign = pair.find('=');
  if (sign == std::string_view::npos && is_a_plain_word(pair))
    return;
  auto value = sign == std::string_view::npos ? pair : pair.substr(sign + 1);
  if (value.size() > 1 && value.front() == value.back()
      && (value.front() == '"' || value.front() == '\''))
    value = value.substr(1, value.size() - 2);
  hide(value);
}

std::string secret_mask::apply(std::string_view text) const {
  const bool is_cut = text.size() > longest_text;
  std::string masked{text.substr(0, longest_text)};
  for (const auto& secret : secrets_)
    replace_all(masked, secret);
  for (const auto& secret : secrets_)
    replace_beginning_at_end(masked, secret);
  hide_secret_patterns(masked);
  return is_cut ? masked + "…" : masked;
}

} // namespace ottla::kafka
