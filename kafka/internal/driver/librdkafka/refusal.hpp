#pragma once

#include <string>
#include <string_view>

namespace ottla::kafka {

/// Returns `"acks" cannot be "7": WHY` if may_be_shown() allows the value. Otherwise returns
/// `"acks" has an invalid value (12 bytes, not shown): WHY`. The parenthesis appears only if
/// is_harmless() accepts the key. A WHY that quotes the value or a word of the value is replaced.
std::string refusal_of_value(const std::string& key, const std::string& value,
                             const std::string& why);

/// Returns the text for a key that librdkafka does not know. Never quotes the value. Key and value
/// may be swapped, and in a swapped pair the key is the secret. The first case that applies selects
/// the text:
/// - The key misspells a known key and passes has_only_words_of_keys(). The text quotes the key.
/// - The value resembles a known key. The text says that key and value may be swapped.
/// - The key is a known key, which this version of librdkafka does not have. The text quotes the
///   key.
/// - The key passes looks_like_a_key() and resembles no known key, and the value neither looks like
///   a key nor names a secret. The text quotes the key.
/// - The text says that the key is not shown. If the key resembles a known key, the text names the
///   known key.
std::string refusal_of_key(const std::string& key, const std::string& value);

/// Returns the text for a key that why_reserved() rejects: `"group.id" must not be in extra: WHY`.
/// Quotes the key only if the key is known or has only words of keys. For example, `hunter2_cb` is
/// rejected as a callback and is not quoted.
std::string refusal_of_reserved_key(const std::string& key, std::string_view why);

} // namespace ottla::kafka
