#pragma once

#include <map>
#include <optional>
#include <string>

namespace ottla::kafka {

/// What is wrong with who provides tokens for OAUTHBEARER, by a handle's keys of librdkafka: nobody
/// does, several do, or nobody asks. Nothing: all is well.
std::optional<std::string> check_oauth(const std::map<std::string, std::string>& keys,
                                       bool has_provider);

} // namespace ottla::kafka
