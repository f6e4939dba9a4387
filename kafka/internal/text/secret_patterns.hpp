#pragma once

#include <string>

namespace ottla::kafka {

/// Replaces text that looks like a secret with `***`, in every spelling that readable_text decodes.
/// The secret need not be registered:
///
/// - PEM blocks,
/// - the credentials in an address, with a scheme or without,
/// - the value of a name that suggests a secret, see find_named_values,
/// - the word after `Bearer` and `Basic`,
/// - JSON web tokens, long words that look like base64 or hex, and tokens with a known prefix.
void hide_secret_patterns(std::string& text);

} // namespace ottla::kafka
