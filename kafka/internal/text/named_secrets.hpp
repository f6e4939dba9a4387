#pragma once

#include <ottla/kafka/internal/text/readable_text.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// Finds the values of names that suggest a secret, as in `password=…`, `api-key: …`,
/// `"client_secret": "…"`, `<password>…</password>`, `--token …`, `password '…'`. Blanks may stand
/// between name and value, see blank_at. After `token: ` and the like, a word of lower-case letters
/// counts as prose.
std::vector<text_place> find_named_values(const readable_text& readable);

/// The value that begins at `begin`. A value in quotes or brackets ends at the closing one. Any
/// other value ends at an ASCII blank, since a password may hold any punctuation. A quote closes
/// another one only if both are spelled the same way. A blank that is written as an escape is part
/// of the value.
text_place place_of_value(const readable_text& readable, std::size_t begin);

/// Like place_of_value, but a value without quotes and brackets ends at any blank, see blank_at.
std::string_view first_word(const readable_text& readable, std::size_t begin);

} // namespace ottla::kafka
