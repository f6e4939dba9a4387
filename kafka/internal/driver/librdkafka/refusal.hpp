#pragma once

#include <string>
#include <string_view>

namespace ottla::kafka {

/// Returns `"acks" cannot be "7": WHY` if may_be_shown() allows the value. Otherwise returns
/// `"acks" has an invalid value (12 bytes, not shown): WHY`. The parenthesis appears only if
/// is_harmless() accepts the key. A WHY that quotes the value or a word of the value is replaced.
std::string refusal_of_value(const std::string& key, const std::string& value,
                             const std::string& why);

/// Returns the text for a key that librdkafka does not know. Never quotes the value. If the value
/// resembles a known key, the text says that key and value may be swapped. In a swapped pair the
/// key is the secret, so the text quotes the key only
/// - if the key misspells a known key and passes has_only_words_of_keys(), or
/// - if the key passes looks_like_a_key(), and the value neither looks like a key nor names a
///   secret.
///
/// Otherwise the text says that the key is not shown. If the hidden key resembles a known key, the
/// text names the known key.
std::string refusal_of_key(const std::string& key, const std::string& value);

/// Returns the text for a key that why_reserved() rejects: `"group.id" must not be in extra: WHY`.
/// Quotes the key only if the key is known or has only words of keys. For example, `hunter2_cb` is
/// rejected as a callback and is not quoted.
std::string refusal_of_reserved_key(const std::string& key, std::string_view why);

} // namespace ottla::kafka
