#pragma once

#include <ottla/kafka/error.hpp>
#include <ottla/kafka/saturating_time.hpp>

#include <functional>
#include <map>
#include <string>
#include <variant>

namespace ottla::kafka {

/// What SASL's OAUTHBEARER shows to brokers. A secret: ottla never prints it, nor puts it into the
/// text of an error.
struct oauth_token {
  /// A JSON web token as a rule; visible characters.
  std::string value = {};
  /// The next one is asked for when 80 % of its life is over.
  saturating_time expires = {};
  /// Who it is that shows it.
  std::string principal = {};
  /// SASL extensions (RFC 7628); their names are of letters, and not "auth".
  std::map<std::string, std::string> extensions = {};
};

/// Asked by each Kafka handle for its first token, and for the next ones; `config` is librdkafka's
/// sasl.oauthbearer.config. An error, or a throw, is told to the observer with its text, which
/// should hold no secret; it is asked again after 10 s.
///
/// Thread safety: called on threads of the client's, from several at once. It may block: only the
/// end of a handle, and a question to a cluster, wait for it.
using oauth_provider = std::function<std::variant<oauth_token, error>(const std::string& config)>;

} // namespace ottla::kafka
