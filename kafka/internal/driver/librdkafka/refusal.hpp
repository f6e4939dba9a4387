#pragma once

#include <string>
#include <string_view>

namespace ottla::kafka {

/// `"acks" cannot be "7": …why…`. Quotes the value only if may_be_shown(). Otherwise drops a reason
/// that contains the value or a word of it.
std::string refusal_of_value(const std::string& key, const std::string& value,
                             const std::string& why);

/// For a key that librdkafka does not know. Never quotes the value. If the value resembles a known
/// key, the text asks whether the two were swapped. In a swapped pair the key is the secret, so the
/// key is quoted only
/// - if it is a misspelling of a known key, and has_only_words_of_keys(), or
/// - if it looks_like_a_key(), and the value neither looks like a key nor names a secret.
///
/// Otherwise the text says that the name is not shown, and names the known key that it resembles,
/// if any.
std::string refusal_of_key(const std::string& key, const std::string& value);

/// For a key that reserved_keys refuses: `"group.id" cannot be in extra: …why…`. Quotes a key only
/// if it is known or has only words of keys. `hunter2_cb` is refused as a callback, but not quoted.
std::string refusal_of_reserved_key(const std::string& key, std::string_view why);

} // namespace ottla::kafka
