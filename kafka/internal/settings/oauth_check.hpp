#pragma once

#include <map>
#include <optional>
#include <string>

namespace ottla::kafka {

/// Checks the source of tokens for OAUTHBEARER. `keys` are a handle's librdkafka keys. Returns the
/// fault: a missing source, several sources, or a provider that no handle uses. Returns nullopt if
/// there is no fault.
std::optional<std::string> check_oauth(const std::map<std::string, std::string>& keys,
                                       bool has_provider);

} // namespace ottla::kafka
