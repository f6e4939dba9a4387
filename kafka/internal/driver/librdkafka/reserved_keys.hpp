#pragma once

#include <optional>
#include <string_view>

namespace ottla::kafka {

/// Returns the reason why a librdkafka key must not be in a user's `extra`. Either the runtime
/// depends on the key, or a field of the settings sets the key. Returns nullopt if the key is
/// allowed.
std::optional<std::string_view> why_reserved(std::string_view key);

/// Whether the whole key is in the list of reserved keys. False if why_reserved() recognizes only
/// the first or the last word of the key, because the rest of the key may be a secret.
bool is_reserved_by_name(std::string_view key);

} // namespace ottla::kafka
