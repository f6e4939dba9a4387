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

/// Whether `text` is made of the words of librdkafka's keys, so that an error text may quote it as
/// a key. Anything else may be a secret whose place was taken by its key.
bool looks_like_a_key(std::string_view text);

} // namespace ottla::kafka
