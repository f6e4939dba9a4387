#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka {

/// Whether an error text may quote the value of a key. Only values of keys that are known to be
/// harmless are quoted, and only short words and paths: a secret may stand at any key by mistake.
/// librdkafka's keys are case-sensitive, so `CLIENT.ID` is unknown.
bool may_be_shown(std::string_view key, std::string_view value);

/// Whether the key is known to be harmless. Then an error text may tell the length of its value,
/// even if the value must not be quoted.
bool is_harmless(std::string_view key);

/// Keys of librdkafka that may hold secrets. Includes keys for paths, since a value that does not
/// look like a path may be a secret. Excludes bootstrap.servers and metadata.broker.list.
std::vector<std::string> hidden_keys();

/// The key that `text` is a misspelling of: other letter case, underscores for dots, up to two
/// mistakes. A key that librdkafka knows is similar to itself. nullopt: there is none.
std::optional<std::string_view> similar_key(std::string_view text);

/// Whether an error text may quote `text`, an unknown key that is similar to a known one.
///
/// A key may be a secret, if key and value were swapped. So each word must be a word of a known
/// key, or a misspelling of one. Words are split at `.`, `_`, `-` and blanks, and compared in lower
/// case. A misspelling has one mistake in a word of up to 4 letters, two in a longer one, and no
/// digit. Words of other clients' keys are known too, such as `truststore`. False for texts of more
/// than 100 bytes.
bool has_only_words_of_keys(std::string_view text);

/// Whether an error text may quote `text`, an unknown key that is similar to no known key. `text`
/// must pass has_only_words_of_keys() and have at least two words, one of them without a mistake.
bool looks_like_a_key(std::string_view text);

/// Whether the last word names a secret, as in `password` and `my.token`. If the value names a
/// secret, key and value were probably swapped.
bool names_a_secret(std::string_view text);

} // namespace ottla::kafka
