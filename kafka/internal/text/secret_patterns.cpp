#include <ottla/kafka/internal/text/blanks.hpp>
#include <ottla/kafka/internal/text/character_kinds.hpp>
#include <ottla/kafka/internal/text/lower_case.hpp>
#include <ottla/kafka/internal/text/named_secrets.hpp>
#include <ottla/kafka/internal/text/readable_text.hpp>
#include <ottla/kafka/internal/text/secret_patterns.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace ottla::kafka {

namespace {

using places = std::vector<text_place>;

places find_pem_blocks(const readable_text& readable) {
  const auto text = readable.text();
  places found;
  constexpr std::string_view begin = "-----BEGIN ";
  constexpr std::string_view end = "-----END ";
  constexpr std::string_view dashes = "-----";
  for (std::size_t at = 0; (at = text.find(begin, at)) != std::string::npos;) {
    auto to = text.find(end, at);
    if (to != std::string::npos)
      to = text.find(dashes, to + end.size());
    // A truncated block ends with the text.
    to = to == std::string::npos ? text.size() : to + dashes.size();
    found.push_back({at, to});
    at = to;
  }
  return found;
}

/// Returns the place where the user and the password of an address begin; npos if there are no
/// credentials. `before_sign` is the part of a word before its last '@'.
std::size_t begin_of_credentials(std::string_view before_sign) {
  constexpr std::string_view after_scheme = "://";
  if (const auto scheme = before_sign.find(after_scheme); scheme != std::string_view::npos)
    return scheme + after_scheme.size();
  const auto colon = before_sign.find(':');
  if (colon == std::string_view::npos)
    return std::string_view::npos;
  const auto bracket = before_sign.substr(0, colon).find_last_of("([{,;=");
  return bracket == std::string_view::npos ? 0 : bracket + 1;
}

/// `scheme://user:password@host` becomes `scheme://***@host`, and `user:password@host` becomes
/// `***@host`.
places find_credentials_of_addresses(const readable_text& readable) {
  const auto text = readable.text();
  // An escaped separator is part of the password. A quote with a backslash ends the password,
  // because JSON inside JSON escapes its quotes.
  const auto ends = [&](std::size_t at) {
    if (text[at] == '"' && readable.spelling(at).starts_with('\\'))
      return true;
    return std::string_view{" \t\r\n\"<>"}.find(text[at]) != std::string_view::npos
           && readable.is_plain(at);
  };
  places found;
  for (std::size_t begin = 0; begin < text.size();) {
    auto end = begin;
    while (end < text.size() && !ends(end))
      ++end;
    // A password may contain an '@' or a '/', so the credentials end at the last '@' of the word.
    const auto word = text.substr(begin, end - begin);
    if (const auto sign = word.rfind('@'); sign != std::string_view::npos)
      if (const auto from = begin_of_credentials(word.substr(0, sign)); from < sign)
        found.push_back({begin + from, begin + sign});
    begin = end + 1;
  }
  return found;
}

/// A JSON web token begins with the base64 of `{"`.
places find_web_tokens(const readable_text& readable) {
  const auto text = readable.text();
  places found;
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
      found.push_back({at, end});
    at = end;
  }
  return found;
}

/// `Bearer abc` becomes `Bearer ***`.
places find_words_behind_schemes(const readable_text& readable) {
  const auto text = readable.text();
  const auto lower = in_lower_case(text);
  places found;
  constexpr std::array<std::string_view, 2> schemes{"bearer", "basic"};
  constexpr std::array<std::string_view, 9> prose{"token",       "tokens",         "auth",
                                                  "access",      "authentication", "authorization",
                                                  "credentials", "scheme",         "schemes"};
  for (const auto scheme : schemes)
    for (std::size_t at = 0; (at = lower.find(scheme, at)) != std::string::npos;) {
      const auto behind = at + scheme.size();
      const bool is_a_word
        = (at == 0 || !is_letter_or_digit(lower[at - 1])) && blank_at(lower, behind) != 0;
      at = behind;
      if (!is_a_word)
        continue;
      const auto first = skip_blanks(text, behind);
      const auto word = in_lower_case(first_word(readable, first));
      if (std::ranges::find(prose, word.substr(0, word.find_first_of(".:"))) != prose.end()
          || std::ranges::find(schemes, word) != schemes.end())
        continue;
      const auto value = place_of_value(readable, first);
      if (value.begin >= value.end)
        continue;
      found.push_back(value);
      at = value.end;
    }
  return found;
}

/// Whether the word looks like base64. Names and paths have fewer capitals, and change less often
/// between capitals, small letters and digits.
bool looks_like_base64(std::string_view word) {
  constexpr std::size_t shortest = 24;
  if (word.size() < shortest)
    return false;
  const auto kind = [](char one) { return is_small(one) ? 0 : is_capital(one) ? 1 : 2; };
  std::size_t changes = 0;
  for (std::size_t i = 1; i < word.size(); ++i)
    changes += kind(word[i]) != kind(word[i - 1]) ? 1 : 0;
  const auto share = [&](auto predicate) {
    return static_cast<std::size_t>(std::ranges::count_if(word, predicate)) * 100 / word.size();
  };
  return share(is_capital) >= 22 && share(is_small) >= 15 && share(is_digit) >= 1
         && changes * 100 / word.size() >= 25;
}

bool looks_like_hex(std::string_view word) {
  constexpr std::size_t shortest = 32;
  const auto is_hex = [](char one) {
    return is_digit(one) || (one >= 'a' && one <= 'f') || (one >= 'A' && one <= 'F');
  };
  return word.size() >= shortest && std::ranges::all_of(word, is_hex)
         && !std::ranges::all_of(word, is_digit);
}

/// Whether the word has a known prefix of tokens. Some services give their tokens a prefix, so that
/// scanners find tokens in texts.
bool begins_like_a_token(std::string_view word) {
  constexpr std::size_t shortest = 20;
  constexpr std::array<std::string_view, 18> begins{
    "ghp_",  "gho_",  "ghu_", "ghs_",     "ghr_",     "github_pat_", "glpat-", "xoxa-", "xoxb-",
    "xoxp-", "xoxs-", "npm_", "sk_live_", "sk_test_", "rk_live_",    "AKIA",   "ASIA",  "AIza"};
  return word.size() >= shortest
         && std::ranges::any_of(begins, [&](auto begin) { return word.starts_with(begin); });
}

places find_long_tokens(const readable_text& readable) {
  const auto text = readable.text();
  places found;
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
    const auto word = text.substr(begin, end - begin);
    if (!looks_like_base64(word) && !looks_like_hex(word) && !begins_like_a_token(word)) {
      begin = end;
      continue;
    }
    // The part before a '/' of base64 may be too short to be recognized alone.
    auto from = begin;
    while (from > 0 && (is_part(text[from - 1]) || text[from - 1] == '/'))
      --from;
    while (end < text.size() && may_go_on(text[end]))
      ++end;
    found.push_back({from, end});
    begin = end;
  }
  return found;
}

} // namespace

void hide_secret_patterns(std::string& text) {
  constexpr auto patterns = std::to_array({
    find_pem_blocks,
    find_credentials_of_addresses,
    find_web_tokens,
    find_named_values,
    find_words_behind_schemes,
    find_long_tokens,
  });
  for (const auto find : patterns) {
    places found;
    for (const auto read : {readable_text::decoded, readable_text::decoded_but_letters}) {
      const auto readable = read(text);
      for (const auto place : find(readable))
        found.push_back(readable.written_place(place));
    }
    text = hide(text, std::move(found));
  }
}

} // namespace ottla::kafka
