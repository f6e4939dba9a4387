#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/saturating_time.hpp>

#include <functional>
#include <map>
#include <string>
#include <variant>

namespace ottla::kafka {

/// The token that a client presents to brokers by SASL's OAUTHBEARER. The token is a secret. ottla
/// never prints it and keeps it out of error texts.
struct oauth_token {
  /// Usually a JSON web token. Visible ASCII characters only.
  std::string value = {};
  /// When the token expires. The next token is requested after 80 % of this token's life.
  saturating_time expires = {};
  /// The principal that presents the token.
  std::string principal = {};
  /// SASL extensions (RFC 7628). Names consist of letters; the name "auth" is reserved.
  std::map<std::string, std::string> extensions = {};
};

/// A function of the program that returns a token. Each Kafka handle calls it for the first token
/// and for each later token. `config` is the value of librdkafka's key sasl.oauthbearer.config. If
/// the function returns an error or throws, the handle reports the text to the observer, and calls
/// the function again after 10 s. The text should hold no secret.
///
/// Thread safety: called on threads of librdkafka, also concurrently. The function may block. Only
/// the close of the Kafka handle, and requests such as list_topics, wait for the function.
using oauth_provider = std::function<std::variant<oauth_token, error>(const std::string& config)>;

} // namespace ottla::kafka
