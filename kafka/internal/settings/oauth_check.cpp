#include <ottla/kafka/internal/driver/librdkafka/known_keys.hpp>
#include <ottla/kafka/internal/settings/oauth_check.hpp>
#include <ottla/kafka/internal/text/lower_case.hpp>

#include <string>

namespace ottla::kafka {

namespace {

std::string value_of(const std::map<std::string, std::string>& keys, const std::string& key) {
  const auto found = keys.find(key);
  return found == keys.end() ? std::string{} : found->second;
}

/// `"KEY" must be WANTED, got "VALUE"`. Leaves out a value that must not be shown.
std::string must_be(const std::string& key, const std::string& value, const std::string& wanted) {
  const auto begin = '"' + key + "\" must be " + wanted + ", got ";
  if (may_be_shown(key, value))
    return begin + '"' + value + '"';
  return begin + "a value of " + std::to_string(value.size()) + " bytes that is not shown";
}

/// Parses a boolean like librdkafka.
bool is_true(const std::string& value) {
  const auto text = in_lower_case(value);
  return text == "true" || text == "t" || text == "1";
}

} // namespace

std::optional<std::string> check_oauth(const std::map<std::string, std::string>& keys,
                                       bool has_provider) {
  const auto alias = value_of(keys, "sasl.mechanism");
  const auto mechanism = alias.empty() ? value_of(keys, "sasl.mechanisms") : alias;
  const auto is_wanted = mechanism == "OAUTHBEARER";
  const auto unsecured = is_true(value_of(keys, "enable.sasl.oauthbearer.unsecure.jwt"));
  const auto oidc = in_lower_case(value_of(keys, "sasl.oauthbearer.method")) == "oidc";
  if (is_wanted && !has_provider && !unsecured && !oidc)
    return "\"sasl.mechanisms\" is \"OAUTHBEARER\" without a source of tokens: set oauth_tokens, "
           "or "
           "\"sasl.oauthbearer.method\" to \"oidc\", or, for tests, "
           "\"enable.sasl.oauthbearer.unsecure.jwt\" to \"true\"";
  if (!has_provider)
    return std::nullopt;
  if (!is_wanted)
    return "oauth_tokens is set: " + must_be("sasl.mechanisms", mechanism, "\"OAUTHBEARER\"");
  if (unsecured || oidc)
    return std::string{"oauth_tokens is set, and \""}
           + (oidc ? "sasl.oauthbearer.method\" is \"oidc\""
                   : "enable.sasl.oauthbearer.unsecure.jwt\" is \"true\"")
           + ": set only one source of tokens";
  const auto protocol = in_lower_case(value_of(keys, "security.protocol"));
  if (!protocol.starts_with("sasl_"))
    return "oauth_tokens is set: "
           + must_be("security.protocol", protocol, "\"sasl_ssl\" or \"sasl_plaintext\"");
  return std::nullopt;
}

} // namespace ottla::kafka
