#include <ottla/kafka/internal/text/blanks.hpp>
#include <ottla/kafka/internal/text/character_kinds.hpp>
#include <ottla/kafka/internal/text/readable_text.hpp>
#include <ottla/kafka/internal/text/secret_mask.hpp>
#include <ottla/kafka/internal/text/secret_patterns.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace ottla::kafka {

namespace {

constexpr std::size_t shortest_anywhere = 4;

/// Upper bound of the text's size in bytes, because masking a long text takes time.
constexpr std::size_t longest_text = 8 * 1024;

/// Whether the text has lower-case letters only. A secret is rarely such a word. Hiding such a word
/// may make a text unreadable.
bool is_a_plain_word(std::string_view text) {
  return std::ranges::all_of(text, is_small);
}

/// Replaces `+` by a blank, because URL-encoded forms write a blank as `+`.
std::string comparable(std::string_view text) {
  std::string same{text};
  std::ranges::replace(same, '+', ' ');
  return same;
}

bool stands_alone(std::string_view text, std::size_t at, std::size_t size) {
  const bool begins = at == 0 || !is_letter_or_digit(text[at - 1]);
  const bool ends = at + size == text.size() || !is_letter_or_digit(text[at + size]);
  return begins && ends;
}

void add(std::vector<std::string>& secrets, std::string_view secret) {
  if (auto one = comparable(secret);
      !one.empty() && std::ranges::find(secrets, one) == secrets.end())
    secrets.push_back(std::move(one));
}

using places = std::vector<text_place>;

void find_all(std::string_view text, std::string_view secret, places& found) {
  for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos;) {
    if (secret.size() < shortest_anywhere && !stands_alone(text, at, secret.size())) {
      ++at;
      continue;
    }
    found.push_back({at, at + secret.size()});
    at += secret.size();
  }
}

/// Returns the place of a truncated escape at the end of the text; the text's size if there is
/// none.
std::size_t begin_of_cut_escape(std::string_view text) {
  constexpr std::size_t longest = 8; // `&nbsp`, `\u00a`
  const auto begin = text.find_last_of("%\\&");
  if (begin == std::string_view::npos || text.size() - begin > longest)
    return text.size();
  const auto may_go_on = [](char one) { return is_letter_or_digit(one) || one == '#'; };
  return std::ranges::all_of(text.substr(begin + 1), may_go_on) ? begin : text.size();
}

/// Finds a truncated secret at the end of the text.
void find_beginning_at_end(std::string_view text, std::string_view secret, places& found) {
  constexpr std::size_t fewest = 6;
  if (secret.size() <= fewest)
    return;
  for (const auto end : {text.size(), begin_of_cut_escape(text)})
    for (auto size = std::min(secret.size() - 1, end); size >= fewest; --size)
      if (text.substr(0, end).ends_with(secret.substr(0, size))) {
        found.push_back({end - size, text.size()});
        return;
      }
}

/// Finds all secrets, including a truncated secret at the end.
places find_secrets(std::string_view written, readable_text (*read)(std::string_view),
                    const std::vector<std::string>& secrets) {
  const auto readable = read(written);
  const auto text = comparable(readable.text());
  places found;
  for (const auto& secret : secrets) {
    find_all(text, secret, found);
    find_beginning_at_end(text, secret, found);
  }
  for (auto& place : found)
    place = readable.written_place(place);
  return found;
}

} // namespace

void secret_mask::hide(std::string_view secret) {
  // A password that was read from a file may include the file's last line end.
  const auto bare = without_blanks_around(secret);
  add(written_, secret);
  add(written_, bare);
  add(decoded_, without_blanks_around(readable_text::decoded(bare).text()));
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
    // A blank outside ASCII may separate pairs, or be part of a value.
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
  const auto kept = text.substr(0, longest_text);
  // One secret may be part of another secret, so all secrets are found before the first is hidden.
  auto found = find_secrets(kept, &readable_text::as_written, written_);
  std::ranges::copy(find_secrets(kept, &readable_text::decoded, decoded_),
                    std::back_inserter(found));
  auto masked = kafka::hide(kept, std::move(found));
  hide_secret_patterns(masked);
  return is_cut ? masked + "…" : masked;
}

} // namespace ottla::kafka
