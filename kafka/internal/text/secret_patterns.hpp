#pragma once

#include <string>

namespace ottla::kafka {

/// Replaces text that looks like a secret with `***`, in every spelling that readable_text decodes.
/// Needs no knowledge of the secrets. Replaces:
///
/// - PEM blocks,
/// - the credentials in an address with or without a scheme,
/// - the value of a name that suggests a secret, see find_named_values,
/// - the word after `Bearer` and `Basic`,
/// - JSON web tokens, long words that look like base64 or hex, and tokens with a known prefix.
void hide_secret_patterns(std::string& text);

} // namespace ottla::kafka
