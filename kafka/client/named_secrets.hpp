#pragma once

#include <ottla/kafka/client/readable_text.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// The values that belong to names that speak of a secret: in `password=…`, `api-key: …`,
/// `"client_secret": "…"`, `<password>…</password>`, `--token …`, `password '…'`.
/// Between name and value there may be blanks, see blank_at. Behind `token: ` and the like, a word
/// of small letters is prose.
std::vector<text_place> find_named_values(const readable_text& readable);

/// The value that begins there: up to the quote that closes it, up to the bracket that closes it,
/// or without either up to a blank of ASCII, since a password may hold any punctuation. Quotes
/// close each other if both are written the same way. A blank that is written as an escape is a
/// part of the value.
text_place place_of_value(const readable_text& readable, std::size_t begin);

/// The value that begins there, but up to any blank, see blank_at, where it has no quotes and no
/// brackets.
std::string_view first_word(const readable_text& readable, std::size_t begin);

} // namespace ottla::kafka
