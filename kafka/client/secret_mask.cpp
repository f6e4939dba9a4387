#include <ottla/kafka/client/secret_mask.hpp>
#include <ottla/kafka/client/secret_patterns.hpp>

#include <algorithm>
#include <cstddef>

namespace ottla::kafka {

namespace {

constexpr std::string_view mask = "***";
constexpr std::size_t shortest_anywhere = 4;

bool is_letter_or_digit(char one) noexcept {
  return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9');
}

/// Of small letters only. A secret is rarely such a word, and a text would miss it.
bool is_a_plain_word(std::string_view text) {
  return std::ranges::all_of(text, [](char one) { return one >= 'a' && one <= 'z'; });
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
    const auto sign = pair.find('=');
    if (sign == std::string_view::npos && is_a_plain_word(pair)) {
      begin = end + 1;
      continue;
    }
    auto value = sign == std::string_view::npos ? pair : pair.substr(sign + 1);
    if (value.size() > 1 && value.front() == value.back()
        && (value.front() == '"' || value.front() == '\''))
      value = value.substr(1, value.size() - 2);
    hide(value);
    begin = end + 1;
  }
}

std::string secret_mask::apply(std::string_view text) const {
  std::string masked{text};
  for (const auto& secret : secrets_)
    replace_all(masked, secret);
  hide_secret_patterns(masked);
  return masked;
}

} // namespace ottla::kafka
