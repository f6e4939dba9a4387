#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/saturating_time.hpp>

#include <functional>
#include <map>
#include <string>
#include <variant>

namespace ottla::kafka {

/// The token that a client presents to brokers by SASL's OAUTHBEARER. A secret: ottla never prints
/// the token, nor puts it into the text of an error.
struct oauth_token {
  /// Usually a JSON web token. Visible characters only.
  std::string value = {};
  /// The next token is requested when 80 % of this token's life is over.
  saturating_time expires = {};
  /// The principal that presents the token.
  std::string principal = {};
  /// SASL extensions (RFC 7628). Names consist of letters; the name "auth" is reserved.
  std::map<std::string, std::string> extensions = {};
};

/// Each Kafka handle asks the provider for its first token, and for each later one. `config` is
/// librdkafka's sasl.oauthbearer.config. The observer gets an error or exception with its text,
/// which should hold no secret. Then the handle asks again after 10 s.
///
/// Thread safety: called on the client's threads, on several at once. The provider may block: only
/// the end of a handle, and a request to a cluster, wait for it.
using oauth_provider = std::function<std::variant<oauth_token, error>(const std::string& config)>;

} // namespace ottla::kafka
