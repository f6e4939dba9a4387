#include <ottla/configuration/internal/draft.hpp>

namespace ottla::kafka {

namespace {

sasl_mechanism sasl_of(const draft& from) {
  switch (*from.mechanism) {
    case sasl_choice::plain: return sasl_plain{.user = from.user, .password = from.password};
    case sasl_choice::scram_sha_256:
      return scram_sha_256{.user = from.user, .password = from.password};
    case sasl_choice::scram_sha_512:
      return scram_sha_512{.user = from.user, .password = from.password};
    case sasl_choice::oauthbearer: return from.oauth;
  }
  return from.oauth;
}

} // namespace

std::vector<std::string> draft::faults() const {
  std::vector<std::string> wrong;
  if (has_tls && tls_enabled == false)
    wrong.emplace_back("security.tls.enabled must not be false if other keys of security.tls are "
                       "set");
  if (has_sasl && !mechanism) {
    wrong.emplace_back(
      "security.sasl.mechanism must be set if other keys of security.sasl are set");
    return wrong;
  }
  const bool has_password = !user.empty() || !password.empty();
  const bool has_oauth = !oauth.token_endpoint.empty() || !oauth.client_id.empty()
                         || !oauth.client_secret.empty() || !oauth.scope.empty()
                         || !oauth.extensions.empty();
  if (mechanism == sasl_choice::oauthbearer && has_password)
    wrong.emplace_back("security.sasl.user and security.sasl.password must not be set for "
                       "OAUTHBEARER");
  if (mechanism && mechanism != sasl_choice::oauthbearer && has_oauth)
    wrong.emplace_back("security.sasl.token_endpoint, client_id, client_secret, scope and "
                       "extensions must not be set without OAUTHBEARER");
  if (mechanism && mechanism != sasl_choice::oauthbearer && (user.empty() || password.empty()))
    wrong.emplace_back("security.sasl.user and security.sasl.password must be set");
  return wrong;
}

kafka::connection draft::finished() const {
  auto made = connection;
  if (has_producing)
    made.producing = producing;
  for (const auto& each : producer_topics)
    made.producers.push_back({.topic = each});
  if (has_group)
    made.group_consumer = group;
  if (tls_enabled.value_or(has_tls))
    made.security.tls = tls;
  if (mechanism)
    made.security.sasl = sasl_of(*this);
  return made;
}

} // namespace ottla::kafka
