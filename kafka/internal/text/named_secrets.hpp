#pragma once

#include <ottla/kafka/internal/text/readable_text.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// Finds the values of names that suggest a secret, as in `password=…`, `api-key: …`,
/// `"client_secret": "…"`, `<password>…</password>`, `--token …`, `password '…'`. Blanks may
/// separate name and value, see blank_at. After `token: ` and similar names, a word of lower-case
/// letters counts as prose.
std::vector<text_place> find_named_values(const readable_text& readable);

/// Returns the place of the value that begins at `begin`. A value in quotes or brackets ends at the
/// closing quote or bracket. The closing quote must have the same spelling as the opening quote.
/// Any other value ends at an ASCII blank, because a password may contain any punctuation. It also
/// ends at a quote that is followed by a blank or by punctuation, and it excludes punctuation at
/// its end. A blank that is written as an escape is part of the value.
text_place place_of_value(const readable_text& readable, std::size_t begin);

/// Like place_of_value, but a value without quotes and brackets ends at any blank, see blank_at.
std::string_view first_word(const readable_text& readable, std::size_t begin);

} // namespace ottla::kafka
