#include <ottla/kafka/internal/text/blanks.hpp>
#include <ottla/kafka/internal/text/character_kinds.hpp>
#include <ottla/kafka/internal/text/lower_case.hpp>
#include <ottla/kafka/internal/text/named_secrets.hpp>

#include <algorithm>
#include <array>

namespace ottla::kafka {

namespace {

bool is_quote(char one) noexcept {
  return one == '"' || one == '\'' || one == '`';
}

bool is_prose(std::string_view word) {
  bool has_letters = false;
  for (std::size_t at = 0; at < word.size();)
    if (const auto size = blank_at(word, at)) {
      at += size;
    } else {
      if (!is_small(word[at]))
        return false;
      has_letters = true;
      ++at;
    }
  return has_letters;
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

/// Whether a name suggests a secret.
enum class speaks {
  not_at_all,
  /// The name is also a word of prose: `no token: the provider is away`.
  perhaps,
  surely,
};

/// Returns `Pass` for `userPass`, and `pass` for `user_pass`.
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
  // Many harmless words end with these letters, so the whole last part of a name must match.
  constexpr std::array<std::string_view, 11> short_words{
    "pass", "pw", "psk", "pin", "jwt", "sig", "sid", "signature", "assertion", "cookie", "bearer"};
  // Names with these endings say where a secret is stored, or how a secret is used.
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

/// Names that were copied from a web page may contain invisible characters.
std::string without_invisible(std::string_view name) {
  std::string seen;
  for (std::size_t at = 0; at < name.size();)
    if (const auto size = invisible_at(name, at))
      at += size;
    else
      seen += name[at++];
  return seen;
}

/// Whether the word is the scheme of an Authorization header. The secret follows the scheme.
bool is_scheme(std::string_view word) {
  constexpr std::array<std::string_view, 12> schemes{
    "bearer", "basic",         "digest",        "negotiate", "aws4-hmac", "aws4-hmac-sha256",
    "token",  "scram-sha-256", "scram-sha-512", "ntlm",      "apikey",    "oauth"};
  return std::ranges::find(schemes, in_lower_case(word)) != schemes.end();
}

std::size_t skip(std::string_view text, std::size_t at, std::string_view what) {
  return std::min(text.find_first_not_of(what, at), text.size());
}

/// The closing quote is the next quote that has the same spelling and follows the same number of
/// backslashes. Nested JSON escapes quotes with several backslashes.
text_place place_in_quotes(const readable_text& readable, std::size_t begin, std::size_t quote) {
  const auto text = readable.text();
  const auto backslashes = quote - begin;
  for (auto end = quote + 1; end < text.size(); ++end)
    if (text[end] == text[quote] && readable.spelling(end) == readable.spelling(quote)
        && end - (quote + 1) >= backslashes
        && text.substr(end - backslashes, backslashes) == text.substr(begin, backslashes))
      return {quote + 1, end - backslashes};
  return {quote + 1, text.size()};
}

text_place place_in_brackets(std::string_view text, std::size_t begin) {
  std::size_t depth = 0;
  for (auto end = begin; end < text.size(); ++end) {
    if (text[end] == '[' || text[end] == '{')
      ++depth;
    else if ((text[end] == ']' || text[end] == '}') && --depth == 0)
      return {begin, end + 1};
  }
  return {begin, text.size()};
}

/// Only a plain ASCII blank ends a value. Other blanks, and blanks written as escapes, may be part
/// of a password.
bool ends_a_value(const readable_text& readable, std::size_t at) {
  return std::string_view{" \t\r\n"}.find(readable.text()[at]) != std::string_view::npos
         && readable.is_plain(at);
}

/// Whether the quote ends a value. If the quote is part of a password, more characters of the
/// password follow.
bool closes(const readable_text& readable, std::size_t quote, std::size_t limit) {
  const auto behind = quote + 1;
  return behind == limit || ends_a_value(readable, behind)
         || std::string_view{",;:.)}]>&"}.find(readable.text()[behind]) != std::string_view::npos;
}

text_place place_of_word(const readable_text& readable, std::size_t begin, std::size_t limit) {
  const auto text = readable.text();
  const auto is_punctuation = [&](std::size_t at) {
    return std::string_view{",;:.)}]>"}.find(text[at]) != std::string_view::npos
           && readable.is_plain(at);
  };
  auto end = begin;
  while (end < limit && !ends_a_value(readable, end)
         && !(is_quote(text[end]) && closes(readable, end, limit)))
    ++end;
  while (end > begin && is_punctuation(end - 1))
    --end;
  return {begin, end};
}

/// Whether the value is in quotes or in brackets.
bool is_enclosed(std::string_view text, std::size_t begin) {
  const auto first = skip(text, begin, "\\");
  return (first < text.size() && is_quote(text[first]))
         || (begin < text.size() && (text[begin] == '[' || text[begin] == '{'));
}

/// The sign between a name and its value.
struct sign {
  /// The place after the sign; 0 if there is no sign.
  std::size_t end = 0;
  /// False for a plain colon, which is common in prose.
  bool assigns = false;
};

sign sign_at(const readable_text& readable, std::size_t at) {
  const auto text = readable.text();
  const auto rest = text.substr(at);
  if (rest.starts_with("->"))
    return {at + 2, true};
  if (rest.starts_with("::") || (!rest.starts_with('=') && !rest.starts_with(':')))
    return {};
  auto end = at + 1;
  const bool assigns = rest.starts_with('=') || rest.starts_with(":=") || !readable.is_plain(at);
  while (end < text.size() && (text[end] == '=' || text[end] == '>'))
    ++end;
  // Skips the second character of YAML's `: |` and of `= >`.
  const auto behind = skip_blanks(text, end);
  if (behind < text.size() && (text[behind] == '|' || text[behind] == '>')
      && blank_at(text, behind + 1) != 0)
    end = behind + 1;
  return {end, assigns};
}

/// Returns the place of a value that only blanks separate from its name.
text_place place_without_sign(const readable_text& readable, std::string_view name, std::size_t end,
                              speaks how) {
  const auto text = readable.text();
  auto first = skip_blanks(text, end);
  if (first == end || first == text.size())
    return {};
  // `--password hunter2`
  if (name.starts_with('-'))
    return place_of_value(readable, first);
  if (how != speaks::surely)
    return {};
  if (is_quote(text[first]))
    return place_of_value(readable, first);
  for (const std::string_view verb : {"is", "was"})
    if (text.substr(first).starts_with(verb) && blank_at(text, first + verb.size()) != 0) {
      first = skip_blanks(text, first + verb.size());
      break;
    }
  const auto word = first_word(readable, first);
  const bool is_mixed = std::ranges::any_of(word, is_digit)
                        && std::ranges::any_of(word, [](char one) { return !is_digit(one); });
  return is_mixed ? place_of_value(readable, first) : text_place{};
}

/// Returns the place of the quote that closes a quoted name; the size of the text if there is none.
/// Blanks may precede the quote.
std::size_t quote_behind(const readable_text& readable, char before, std::size_t end) {
  const auto text = readable.text();
  if (const auto quote = skip(text, end, "\\"); quote < text.size() && is_quote(text[quote]))
    return quote;
  const auto quote = skip(text, skip_blanks(text, end), "\\");
  // A quote that does not close the name belongs to the value.
  const bool closes_name = quote < text.size() && is_quote(text[quote]) && text[quote] == before
                           && sign_at(readable, skip_blanks(text, quote + 1)).end != 0;
  return closes_name ? quote : text.size();
}

/// Returns the place of the value of the name `text[begin, end)`. The place is empty if no value
/// must be hidden.
text_place place_behind(const readable_text& readable, std::size_t begin, std::size_t end) {
  const auto text = readable.text();
  const auto name = without_invisible(text.substr(begin, end - begin));
  const auto how = how_of(name);
  if (how == speaks::not_at_all)
    return {};
  // The character before a word shows whether the word is inside a path or inside a quoted text.
  // Such a word is not a name.
  const auto before = begin == 0 ? ' ' : text[begin - 1];
  if (const auto bracket = skip_blanks(text, end);
      before == '<' && bracket < text.size() && text[bracket] == '>')
    return {bracket + 1, std::min(text.find('<', bracket), text.size())};
  const auto quote = quote_behind(readable, before, end);
  const bool is_in_quotes = quote < text.size();
  if (is_in_quotes && !is_quote(before))
    return {};
  const auto at = is_in_quotes ? quote + 1 : end;
  // A backslash may precede a line end.
  const auto found = skip_blanks(text, skip(text, skip_blanks(text, at), "\\"));
  const auto what = found < text.size() ? sign_at(readable, found) : sign{};
  if (what.end == 0)
    return is_in_quotes ? text_place{} : place_without_sign(readable, name, at, how);
  const auto first = skip_blanks(text, what.end);
  if (!what.assigns && first != what.end && before == '/')
    return {};
  const auto value = place_of_value(readable, first);
  const bool is_quoted = value.begin != first;
  const auto word = text.substr(value.begin, value.end - value.begin);
  if (const auto scheme = is_quoted ? word : first_word(readable, first); is_scheme(scheme))
    return place_of_value(readable, skip_blanks(text, value.begin + scheme.size()));
  // librdkafka puts this heading before a provider's text.
  const bool is_a_heading = text.substr(0, begin).ends_with("OAUTHBEARER ");
  if (!what.assigns && how == speaks::perhaps && !is_quoted && first != what.end
      && (is_prose(word) || is_a_heading))
    return {};
  return value;
}

/// Returns the end of the name at `begin`, before trailing invisible characters.
std::size_t end_of_name(std::string_view text, std::size_t begin) {
  auto end = begin;
  auto at = begin;
  while (at < text.size())
    if (may_be_in_a_name(text[at]) && !text.substr(at).starts_with("->"))
      end = ++at;
    else if (const auto size = invisible_at(text, at))
      at += size;
    else
      break;
  return end == begin ? at : end;
}

/// Returns the end of the part before an invisible character. If an invisible character separates
/// `password` and `hunter2`, the result is the end of `password`.
std::size_t end_of_first_part(std::string_view text, std::size_t begin, std::size_t end) {
  auto at = begin;
  while (const auto size = invisible_at(text, at))
    at += size;
  while (at < end && invisible_at(text, at) == 0)
    ++at;
  return std::min(at, end);
}

} // namespace

text_place place_of_value(const readable_text& readable, std::size_t begin) {
  const auto text = readable.text();
  const auto quote = skip(text, begin, "\\");
  if (quote < text.size() && is_quote(text[quote]))
    return place_in_quotes(readable, begin, quote);
  if (begin < text.size() && (text[begin] == '[' || text[begin] == '{'))
    return place_in_brackets(text, begin);
  return place_of_word(readable, begin, text.size());
}

std::string_view first_word(const readable_text& readable, std::size_t begin) {
  const auto text = readable.text();
  const auto place = is_enclosed(text, begin)
                       ? place_of_value(readable, begin)
                       : place_of_word(readable, begin, find_blank(text, begin));
  return text.substr(place.begin, place.end - place.begin);
}

std::vector<text_place> find_named_values(const readable_text& readable) {
  const auto text = readable.text();
  std::vector<text_place> values;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = end_of_name(text, begin);
    if (end == begin) {
      ++begin;
      continue;
    }
    auto value = place_behind(readable, begin, end);
    if (const auto first = end_of_first_part(text, begin, end);
        value.begin >= value.end && first < end)
      value = place_behind(readable, begin, first);
    begin = end;
    if (value.begin < value.end) {
      values.push_back(value);
      begin = value.end;
    }
  }
  return values;
}

} // namespace ottla::kafka
