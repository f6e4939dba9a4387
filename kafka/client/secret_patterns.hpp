#pragma once

#include <string>

namespace ottla::kafka {

/// Replaces what looks like a secret in a text with `***`, though nobody named the secret:
///
/// - PEM blocks,
/// - the credentials in a URL,
/// - the value behind a name that speaks of a secret: `password=…`, `api-key: …`,
///   `"client_secret": "…"`. Behind `token: ` and the like, a word of small letters is prose,
/// - the word behind `Bearer` and `Basic`,
/// - JSON web tokens, and long words that look like base64 or hex.
void hide_secret_patterns(std::string& text);

} // namespace ottla::kafka
