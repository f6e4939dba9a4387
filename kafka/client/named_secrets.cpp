#include <ottla/kafka/client/character_kinds.hpp>
#include <ottla/kafka/client/lower_case.hpp>
#include <ottla/kafka/client/named_secrets.hpp>

#include <algorithm>
#include <array>

namespace ottla::kafka {

namespace {

constexpr std::string_view mask = "***";
constexpr std::string_view blanks = " \t\r\n";

bool is_quote(char one) noexcept {
  return one == '"' || one == '\'' || one == '`';
}

bool is_blank(char one) noexcept {
  return blanks.find(one) != std::string_view::npos;
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

/// How a name speaks of a secret.
enum class speaks {
  not_at_all,
  /// The name is also a word of prose: `no token: the provider is away`.
  perhaps,
  surely,
};

/// `Pass` of `userPass`, `pass` of `user_pass`.
std::string_view last_part(std::string_view name) {
  auto begin = name.size();
  while (begin > 0 && is_letter_or_digit(name[begin - 1])) {
    --begin;
    if (begin > 0 && is_capital(name[begin]) && is_small(name[begin - 1]))
      break;
  }
  return name.substr(begin);
}

speaks how_of(std::string_view name) {
  constexpr std::array<std::string_view, 8> sure{"password", "passwd", "passphrase", "passwort",
                                                 "kennwort", "pwd",    "passcode",   "secret"};
  constexpr std::array<std::string_view, 4> likely{"token", "credential", "authorization",
                                                   "apikey"};
  constexpr std::array<std::string_view, 3> keys{"key", "keys", "key.pem"};
  // Other words end so, too.
  constexpr std::array<std::string_view, 11> short_words{
    "pass", "pw", "psk", "pin", "jwt", "sig", "sid", "signature", "assertion", "cookie", "bearer"};
  // These say where a secret is, or how it is used.
  constexpr std::array<std::string_view, 7> harmless{"location", "file", "path",     "url",
                                                     "uri",      "type", "algorithm"};
  const auto lower = in_lower_case(name);
  if (ends_with_any(lower, harmless))
    return speaks::not_at_all;
  if (contains_any(lower, sure))
    return speaks::surely;
  const auto last = in_lower_case(last_part(name));
  const bool is_likely = contains_any(lower, likely) || ends_with_any(lower, keys)
                         || std::ranges::find(short_words, last) != short_words.end();
  return is_likely ? speaks::perhaps : speaks::not_at_all;
}

bool may_be_in_a_name(char one) noexcept {
  return is_letter_or_digit(one) || one == '_' || one == '-' || one == '.';
}

/// The scheme that stands before the secret in an Authorization header.
bool is_scheme(std::string_view word) {
  constexpr std::array<std::string_view, 12> schemes{
    "bearer", "basic",         "digest",        "negotiate", "aws4-hmac", "aws4-hmac-sha256",
    "token",  "scram-sha-256", "scram-sha-512", "ntlm",      "apikey",    "oauth"};
  return std::ranges::find(schemes, in_lower_case(word)) != schemes.end();
}

std::size_t skip(std::string_view text, std::size_t at, std::string_view what) {
  return std::min(text.find_first_not_of(what, at), text.size());
}

value_place place_in_quotes(std::string_view text, std::size_t begin, std::size_t quote) {
  // In a quoted text of JSON the quotes are escaped, more than once where JSON is in JSON.
  const auto closing = text.substr(begin, quote + 1 - begin);
  if (closing.size() > 1)
    return {quote + 1, std::min(text.find(closing, quote + 1), text.size())};
  auto end = quote + 1;
  while (end < text.size() && text[end] != text[quote])
    end += text[end] == '\\' ? 2 : 1;
  return {quote + 1, std::min(end, text.size())};
}

value_place place_in_brackets(std::string_view text, std::size_t begin) {
  std::size_t depth = 0;
  for (auto end = begin; end < text.size(); ++end) {
    if (text[end] == '[' || text[end] == '{')
      ++depth;
    else if ((text[end] == ']' || text[end] == '}') && --depth == 0)
      return {begin, end + 1};
  }
  return {begin, text.size()};
}

/// A quote that is a part of a password is followed by more of the password.
bool closes(std::string_view text, std::size_t quote) {
  const auto behind = quote + 1;
  return behind == text.size() || is_blank(text[behind])
         || std::string_view{",;:.)}]>&"}.find(text[behind]) != std::string_view::npos;
}

value_place place_of_word(std::string_view text, std::size_t begin) {
  auto end = begin;
  while (end < text.size() && !is_blank(text[end]) && !(is_quote(text[end]) && closes(text, end)))
    ++end;
  while (end > begin && std::string_view{",;:.)}]>"}.find(text[end - 1]) != std::string_view::npos)
    --end;
  return {begin, end};
}

/// What stands between a name and its value.
struct sign {
  /// Behind the sign; 0: there is none.
  std::size_t end = 0;
  /// Not a colon, which prose has, too.
  bool assigns = false;
};

sign sign_at(std::string_view text, std::size_t at) {
  const auto rest = text.substr(at);
  const auto begin = in_lower_case(rest.substr(0, 3));
  if (begin == "%3d" || begin == "%3a")
    return {at + 3, true};
  if (rest.starts_with("->"))
    return {at + 2, true};
  if (rest.starts_with("::") || (!rest.starts_with('=') && !rest.starts_with(':')))
    return {};
  auto end = at + 1;
  const bool assigns = rest.starts_with('=') || rest.starts_with(":=");
  while (end < text.size() && (text[end] == '=' || text[end] == '>'))
    ++end;
  // `: |` of YAML, and `= >`.
  const auto behind = skip(text, end, blanks);
  if (behind + 1 < text.size() && (text[behind] == '|' || text[behind] == '>')
      && is_blank(text[behind + 1]))
    end = behind + 1;
  return {end, assigns};
}

/// The value behind a name and blanks alone.
value_place place_without_sign(std::string_view text, std::string_view name, std::size_t end,
                               speaks how) {
  auto first = skip(text, end, blanks);
  if (first == end || first == text.size())
    return {};
  // `--password hunter2`
  if (name.starts_with('-'))
    return place_of_value(text, first);
  if (how != speaks::surely)
    return {};
  if (is_quote(text[first]))
    return place_of_value(text, first);
  for (const std::string_view verb : {"is ", "was "})
    if (text.substr(first).starts_with(verb)) {
      first = skip(text, first + verb.size(), blanks);
      break;
    }
  const auto value = place_of_value(text, first);
  const auto word = text.substr(value.begin, value.end - value.begin);
  const bool is_mixed = std::ranges::any_of(word, is_digit)
                        && std::ranges::any_of(word, [](char one) { return !is_digit(one); });
  return is_mixed ? value : value_place{};
}

/// The place of the value that belongs to the name, which is `text[begin, end)`; empty: it has no
/// value that must be hidden.
value_place place_behind(std::string_view text, std::size_t begin, std::size_t end) {
  const auto name = text.substr(begin, end - begin);
  const auto how = how_of(name);
  if (how == speaks::not_at_all)
    return {};
  // A part of a path or of a text in quotes is no name.
  const auto before = begin == 0 ? ' ' : text[begin - 1];
  if (before == '<' && end < text.size() && text[end] == '>')
    return {end + 1, std::min(text.find('<', end), text.size())};
  auto at = skip(text, end, "\\");
  const bool is_in_quotes = at < text.size() && is_quote(text[at]);
  if (is_in_quotes) {
    if (!is_quote(before))
      return {};
    ++at;
  }
  const auto found = skip(text, at, blanks);
  const auto what = found < text.size() ? sign_at(text, found) : sign{};
  if (what.end == 0)
    return is_in_quotes ? value_place{} : place_without_sign(text, name, at, how);
  const auto first = skip(text, what.end, blanks);
  if (!what.assigns && first != what.end && before == '/')
    return {};
  const auto value = place_of_value(text, first);
  const auto word = text.substr(value.begin, value.end - value.begin);
  if (is_scheme(word))
    return place_of_value(text, skip(text, value.end, blanks));
  const bool is_quoted = value.begin != first;
  // librdkafka's own, before a provider's text.
  const bool is_a_heading = text.substr(0, begin).ends_with("OAUTHBEARER ");
  if (!what.assigns && how == speaks::perhaps && !is_quoted && first != what.end
      && (is_prose(word) || is_a_heading))
    return {};
  return value;
}

} // namespace

value_place place_of_value(std::string_view text, std::size_t begin) {
  const auto quote = skip(text, begin, "\\");
  if (quote < text.size() && is_quote(text[quote]))
    return place_in_quotes(text, begin, quote);
  if (begin < text.size() && (text[begin] == '[' || text[begin] == '{'))
    return place_in_brackets(text, begin);
  return place_of_word(text, begin);
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

} // namespace ottla::kafka
