#include <ottla/kafka/client/lower_case.hpp>
#include <ottla/kafka/client/secret_patterns.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace ottla::kafka {

namespace {

constexpr std::string_view mask = "***";
constexpr std::string_view blanks = " \t\r\n";

bool is_small(char one) noexcept {
  return one >= 'a' && one <= 'z';
}

bool is_capital(char one) noexcept {
  return one >= 'A' && one <= 'Z';
}

bool is_digit(char one) noexcept {
  return one >= '0' && one <= '9';
}

bool is_letter_or_digit(char one) noexcept {
  return is_small(one) || is_capital(one) || is_digit(one);
}

bool is_quote(char one) noexcept {
  return one == '"' || one == '\'';
}

bool is_prose(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, is_small);
}

template <std::size_t Size>
bool contains_any(std::string_view text, const std::array<std::string_view, Size>& words) {
  return std::ranges::any_of(words,
                             [&](auto word) { return text.find(word) != std::string_view::npos; });
}

template <std::size_t Size>
bool ends_with_any(std::string_view text, const std::array<std::string_view, Size>& words) {
  return std::ranges::any_of(words, [&](auto word) { return text.ends_with(word); });
}

void hide_pem_blocks(std::string& text) {
  constexpr std::string_view begin = "-----BEGIN ";
  constexpr std::string_view end = "-----END ";
  constexpr std::string_view dashes = "-----";
  for (std::size_t at = 0; (at = text.find(begin, at)) != std::string::npos; at += mask.size()) {
    auto to = text.find(end, at);
    if (to != std::string::npos)
      to = text.find(dashes, to + end.size());
    // A block that was cut reaches to the end of the text.
    to = to == std::string::npos ? text.size() : to + dashes.size();
    text.replace(at, to - at, mask);
  }
}

/// `scheme://user:password@host` becomes `scheme://***@host`.
void hide_credentials_of_urls(std::string& text) {
  constexpr std::string_view begin = "://";
  for (std::size_t at = 0; (at = text.find(begin, at)) != std::string::npos;) {
    at += begin.size();
    // A password may hold an '@' or a '/', so the last '@' of the word counts.
    const auto end = std::min(text.find_first_of(" \t\r\n\"'<>,;()", at), text.size());
    const auto sign = text.substr(at, end - at).rfind('@');
    if (sign == std::string::npos)
      continue;
    text.replace(at, sign, mask);
    at += mask.size();
  }
}

/// A JSON web token begins with the base64 of `{"`.
void hide_web_tokens(std::string& text) {
  constexpr std::string_view begin = "eyJ";
  constexpr std::size_t shortest = 20;
  const auto is_part = [](char one) {
    return is_letter_or_digit(one) || one == '.' || one == '-' || one == '_' || one == '=';
  };
  for (std::size_t at = 0; (at = text.find(begin, at)) != std::string::npos;) {
    auto end = at;
    while (end < text.size() && is_part(text[end]))
      ++end;
    if (end - at >= shortest)
      text.replace(at, end - at, mask);
    at += begin.size();
  }
}

/// How a name speaks of a secret.
enum class speaks {
  not_at_all,
  /// The name is also a word of prose: `no token: the provider is away`.
  perhaps,
  surely,
};

speaks how_of(std::string_view name) {
  constexpr std::array<std::string_view, 7> sure{"password", "passwd", "passphrase", "passwort",
                                                 "passcode", "pwd",    "secret"};
  constexpr std::array<std::string_view, 4> likely{"token", "credential", "authorization",
                                                   "apikey"};
  constexpr std::array<std::string_view, 3> keys{"key", "keys", "key.pem"};
  // These say where a secret is, or how it is used.
  constexpr std::array<std::string_view, 7> harmless{"location", "file", "path",     "url",
                                                     "uri",      "type", "algorithm"};
  const auto lower = in_lower_case(name);
  if (ends_with_any(lower, harmless))
    return speaks::not_at_all;
  if (contains_any(lower, sure))
    return speaks::surely;
  return contains_any(lower, likely) || ends_with_any(lower, keys) ? speaks::perhaps
                                                                   : speaks::not_at_all;
}

bool may_be_in_a_name(char one) noexcept {
  return is_letter_or_digit(one) || one == '_' || one == '-' || one == '.';
}

struct value_place {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Without quotes a value ends at a blank, since a password may hold any punctuation.
value_place place_of_value(std::string_view text, std::size_t begin) {
  // In a quoted text of JSON the quotes are escaped.
  const bool is_escaped = begin + 1 < text.size() && text[begin] == '\\';
  const auto quote = begin + (is_escaped ? 1 : 0);
  if (quote < text.size() && is_quote(text[quote])) {
    auto end = quote + 1;
    while (end < text.size() && text[end] != text[quote])
      end += text[end] == '\\' && !is_escaped ? 2 : 1;
    end = std::min(end, text.size());
    return {quote + 1, is_escaped && text[end - 1] == '\\' ? end - 1 : end};
  }
  auto end = std::min(text.find_first_of(" \t\r\n\"'<>", begin), text.size());
  while (end > begin && std::string_view{",;:.)}]"}.find(text[end - 1]) != std::string_view::npos)
    --end;
  return {begin, end};
}

/// The scheme that stands before the secret in an Authorization header.
bool is_scheme(std::string_view word) {
  constexpr std::array<std::string_view, 6> schemes{"bearer",    "basic",     "digest",
                                                    "negotiate", "aws4-hmac", "token"};
  return std::ranges::find(schemes, in_lower_case(word)) != schemes.end();
}

/// The place of the value that belongs to the name, which is `text[begin, end)`; empty: it has no
/// value that must be hidden.
value_place place_behind(std::string_view text, std::size_t begin, std::size_t end) {
  const auto how = how_of(text.substr(begin, end - begin));
  if (how == speaks::not_at_all)
    return {};
  // A part of a path or of a text in quotes is no name.
  const auto before = begin == 0 ? ' ' : text[begin - 1];
  auto at = end;
  if (at < text.size() && text[at] == '\\')
    ++at;
  if (at < text.size() && is_quote(text[at])) {
    if (!is_quote(before))
      return {};
    ++at;
  }
  at = std::min(text.find_first_not_of(" \t", at), text.size());
  if (at == text.size() || (text[at] != '=' && text[at] != ':') || text.substr(at, 2) == "::")
    return {};
  const bool assigns = text[at] == '=';
  ++at;
  if (assigns && at < text.size() && text[at] == '>')
    ++at;
  const auto first = std::min(text.find_first_not_of(blanks, at), text.size());
  if (!assigns && first != at && before == '/')
    return {};
  auto value = place_of_value(text, first);
  const auto word = text.substr(value.begin, value.end - value.begin);
  if (is_scheme(word))
    return place_of_value(text, std::min(text.find_first_not_of(blanks, value.end), text.size()));
  const bool is_quoted = value.begin != first;
  // librdkafka's own, before a provider's text.
  const bool is_a_heading = text.substr(0, begin).ends_with("OAUTHBEARER ");
  if (!assigns && how == speaks::perhaps && !is_quoted && first != at
      && (is_prose(word) || is_a_heading))
    return {};
  return value;
}

void hide_named_values(std::string& text) {
  for (std::size_t begin = 0; begin < text.size();) {
    if (!may_be_in_a_name(text[begin])) {
      ++begin;
      continue;
    }
    auto end = begin;
    while (end < text.size() && may_be_in_a_name(text[end]))
      ++end;
    const auto value = place_behind(text, begin, end);
    begin = end;
    if (value.begin < value.end) {
      text.replace(value.begin, value.end - value.begin, mask);
      begin = value.begin + mask.size();
    }
  }
}

/// `Bearer abc` becomes `Bearer ***`.
void hide_words_behind_schemes(std::string& text) {
  constexpr std::array<std::string_view, 2> schemes{"bearer", "basic"};
  constexpr std::array<std::string_view, 9> prose{"token",       "tokens",         "auth",
                                                  "access",      "authentication", "authorization",
                                                  "credentials", "scheme",         "schemes"};
  for (const auto scheme : schemes)
    for (std::size_t at = 0; (at = in_lower_case(text).find(scheme, at)) != std::string::npos;) {
      const auto behind = at + scheme.size();
      const bool is_a_word = (at == 0 || !is_letter_or_digit(text[at - 1])) && behind < text.size()
                             && (text[behind] == ' ' || text[behind] == '\t');
      at = behind;
      if (!is_a_word)
        continue;
      const auto value
        = place_of_value(text, std::min(text.find_first_not_of(" \t", behind), text.size()));
      const auto word
        = in_lower_case(std::string_view{text}.substr(value.begin, value.end - value.begin));
      const auto bare = std::string_view{word}.substr(0, word.find_first_of(".:"));
      if (!word.empty() && std::ranges::find(prose, bare) == prose.end())
        text.replace(value.begin, value.end - value.begin, mask);
    }
}

/// Names and paths have fewer capitals, and change less often between capitals, small letters and
/// digits.
bool looks_like_base64(std::string_view word) {
  constexpr std::size_t shortest = 24;
  if (word.size() < shortest)
    return false;
  const auto kind = [](char one) { return is_small(one) ? 0 : is_capital(one) ? 1 : 2; };
  std::size_t changes = 0;
  for (std::size_t i = 1; i < word.size(); ++i)
    changes += kind(word[i]) != kind(word[i - 1]) ? 1 : 0;
  const auto share = [&](auto is) {
    return static_cast<std::size_t>(std::ranges::count_if(word, is)) * 100 / word.size();
  };
  return share(is_capital) >= 22 && share(is_small) >= 15 && share(is_digit) >= 1
         && changes * 100 / word.size() >= 25;
}

bool looks_like_hex(std::string_view word) {
  constexpr std::size_t shortest = 40;
  const auto is_hex = [](char one) {
    return is_digit(one) || (one >= 'a' && one <= 'f') || (one >= 'A' && one <= 'F');
  };
  return word.size() >= shortest && std::ranges::all_of(word, is_hex)
         && !std::ranges::all_of(word, is_digit);
}

void hide_long_tokens(std::string& text) {
  const auto is_part
    = [](char one) { return is_letter_or_digit(one) || one == '+' || one == '-' || one == '_'; };
  const auto may_go_on = [&](char one) {
    return is_part(one) || one == '/' || one == '=' || one == '.' || one == '~';
  };
  for (std::size_t begin = 0; begin < text.size();) {
    if (!is_part(text[begin])) {
      ++begin;
      continue;
    }
    auto end = begin;
    while (end < text.size() && is_part(text[end]))
      ++end;
    const auto word = std::string_view{text}.substr(begin, end - begin);
    if (!looks_like_base64(word) && !looks_like_hex(word)) {
      begin = end;
      continue;
    }
    // What stands before a '/' of base64 may be too short to be known by itself.
    auto from = begin;
    while (from > 0 && (is_part(text[from - 1]) || text[from - 1] == '/'))
      --from;
    while (end < text.size() && may_go_on(text[end]))
      ++end;
    text.replace(from, end - from, mask);
    begin = from + mask.size();
  }
}

} // namespace

void hide_secret_patterns(std::string& text) {
  hide_pem_blocks(text);
  hide_credentials_of_urls(text);
  hide_web_tokens(text);
  hide_named_values(text);
  hide_words_behind_schemes(text);
  hide_long_tokens(text);
}

} // namespace ottla::kafka
