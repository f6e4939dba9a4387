#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// Whether an error text may quote the value of a key. True only for keys that are known to be
/// harmless, and only for values that look like short words or paths. A user may set any key to a
/// secret by mistake. librdkafka's keys are case-sensitive, so `CLIENT.ID` is unknown.
bool may_be_shown(std::string_view key, std::string_view value);

/// Whether the key is known to be harmless. If true, an error text may name the length of the
/// value, even if may_be_shown() is false for the value.
bool is_harmless(std::string_view key);

/// Returns the librdkafka keys that may hold secrets. Includes keys for paths, because a value that
/// does not look like a path may be a secret. Excludes bootstrap.servers and metadata.broker.list.
std::vector<std::string> hidden_keys();

/// Returns the librdkafka key that `text` misspells. `text` may differ in letter case, may have
/// underscores for dots, and may have up to two mistakes. A librdkafka key is similar to itself.
/// Returns nullopt if no key is similar.
std::optional<std::string_view> similar_key(std::string_view text);

/// Whether an error text may quote `text`, an unknown key that is similar to a known key.
///
/// An unknown key may be a secret, because the user may have swapped key and value. So each word
/// must be a word of a known key, or must misspell such a word. Words are split at `.`, `_`, `-`
/// and blanks, and compared in lower case. A misspelling has no digit. It has at most one mistake
/// in a word of up to 4 letters, and at most two mistakes in a longer word. Words of other clients'
/// keys are known too, such as `truststore`. False for texts of more than 100 bytes.
bool has_only_words_of_keys(std::string_view text);

/// Whether an error text may quote `text`, an unknown key that is similar to no known key. `text`
/// must pass has_only_words_of_keys() and have at least two words. At least one word must have no
/// mistake.
bool looks_like_a_key(std::string_view text);

/// Whether the last word of `text` names a secret, as in `password` and `my.token`. If a value
/// names a secret, key and value were probably swapped.
bool names_a_secret(std::string_view text);

} // namespace ottla::kafka
