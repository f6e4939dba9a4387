#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// Replaces the value that belongs to a name that speaks of a secret: in `password=…`,
/// `api-key: …`, `"client_secret": "…"`, `<password>…</password>`, `--token …`, `password '…'`.
/// Between name and value there may be blanks, see blank_at. Behind `token: ` and the like, a word
/// of small letters is prose.
void hide_named_values(std::string& text);

struct value_place {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The value that begins there: up to the quote that closes it, up to the bracket that closes it,
/// or without either up to a blank of ASCII, since a password may hold any punctuation.
value_place place_of_value(std::string_view text, std::size_t begin);

/// The value that begins there, but up to any blank, see blank_at, where it has no quotes and no
/// brackets.
std::string_view first_word(std::string_view text, std::size_t begin);

} // namespace ottla::kafka
