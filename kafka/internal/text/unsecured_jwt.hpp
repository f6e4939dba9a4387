#pragma once

#include <ottla/kafka/oauth.hpp>

#include <string>
#include <variant>

namespace ottla::kafka {

/// Makes the unsigned token of librdkafka's enable.sasl.oauthbearer.unsecure.jwt. Use such tokens
/// only to test a set-up. `config` has librdkafka's format: `principal=NAME`, and optionally
/// `scope=A,B`, `lifeSeconds=3600`, `principalClaimName=sub`, `scopeClaimName=scope` and
/// `extension_NAME=VALUE`, separated by spaces.
std::variant<oauth_token, error> make_unsecured_token(const std::string& config);

} // namespace ottla::kafka
