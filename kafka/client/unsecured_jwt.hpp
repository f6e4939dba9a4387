#pragma once

#include <ottla/kafka/oauth.hpp>

#include <string>
#include <variant>

namespace ottla::kafka {

/// The tokens of librdkafka's enable.sasl.oauthbearer.unsecure.jwt, which nobody signs: for tests
/// of a set-up, never for more. `config` is as librdkafka has it: `principal=NAME`, and, if wanted,
/// `scope=A,B`, `lifeSeconds=3600`, `principalClaimName=sub`, `scopeClaimName=scope` and
/// `extension_NAME=VALUE`, with spaces between.
std::variant<oauth_token, error> make_unsecured_token(const std::string& config);

} // namespace ottla::kafka
