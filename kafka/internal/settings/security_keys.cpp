#include <ottla/kafka/internal/settings/security_keys.hpp>

#include <fmt/format.h>

#include <initializer_list>
#include <utility>

namespace ottla::kafka {

namespace {

class translation {
public:
  security_keys take() { return std::move(keys_); }

  void own(std::string_view setting, std::initializer_list<const char*> keys) {
    for (const auto* key : keys)
      keys_.owners.emplace(key, setting);
  }

  void set(const char* key, std::string value) { keys_.values[key] = std::move(value); }

  void refuse(std::string why) { keys_.faults.push_back(std::move(why)); }

  /// `must not contain a NUL` would be librdkafka's cut value.
  void set_text(std::string_view setting, const char* key, const std::string& text) {
    if (text.empty())
      refuse(fmt::format("{} must not be empty, got \"\"", setting));
    else if (text.find('\0') != std::string::npos)
      refuse(fmt::format("{} must not contain a NUL", setting));
    else
      set(key, text);
  }

  void set_secret(std::string_view setting, const char* key, const secret& hidden) {
    if (hidden.empty()) {
      refuse(fmt::format("{} must not be empty", setting));
      return;
    }
    auto text = hidden.read();
    if (!text)
      refuse(fmt::format("{}: {}", setting, text.error().text));
    else if (text->find('\0') != std::string::npos)
      refuse(fmt::format("{} must not contain a NUL", setting));
    else
      set(key, std::move(*text));
  }

  void set_pem(std::string_view setting, const char* file_key, const char* text_key,
               const pem& from) {
    if (!from)
      return;
    own(setting, {file_key, text_key});
    if (const auto* file = std::get_if<pem_file>(&*from)) {
      set_text(setting, file_key, file->path);
      return;
    }
    set_secret(setting, text_key, std::get<pem_text>(*from).text);
    // OpenSSL finds no certificate in other text and reports no error.
    if (const auto text = keys_.values.find(text_key);
        text != keys_.values.end() && text->second.find("-----BEGIN ") == std::string::npos) {
      refuse(fmt::format("{} has no PEM text: \"-----BEGIN \" is missing", setting));
      keys_.values.erase(text);
    }
  }

private:
  security_keys keys_;
};

void translate_tls(const tls& how, translation& to) {
  to.set_pem("security.tls.ca", "ssl.ca.location", "ssl.ca.pem", how.ca);
  to.set_pem("security.tls.certificate", "ssl.certificate.location", "ssl.certificate.pem",
             how.certificate);
  to.set_pem("security.tls.key", "ssl.key.location", "ssl.key.pem", how.key);
  if (how.ca)
    to.own("security.tls.ca", {"ssl.ca.certificate.stores"});
  if (how.certificate)
    to.own("security.tls.certificate", {"ssl.keystore.location"});
  if (how.certificate && !how.key)
    to.refuse("security.tls.key must be set if security.tls.certificate is set");
  if (how.key && !how.certificate)
    to.refuse("security.tls.certificate must be set if security.tls.key is set");
  if (!how.key_password.empty()) {
    to.own("security.tls.key_password", {"ssl.key.password"});
    to.set_secret("security.tls.key_password", "ssl.key.password", how.key_password);
    if (!how.key)
      to.refuse("security.tls.key must be set if security.tls.key_password is set");
  }
  to.own("security.tls.verify_certificate", {"enable.ssl.certificate.verification"});
  to.set("enable.ssl.certificate.verification", how.verify_certificate ? "true" : "false");
  to.own("security.tls.verify_host", {"ssl.endpoint.identification.algorithm"});
  // Without a check of the certificate, a check of the certificate's host proves nothing.
  to.set("ssl.endpoint.identification.algorithm",
         how.verify_host && how.verify_certificate ? "https" : "none");
}

void translate_password(const char* mechanism, const std::string& user, const secret& password,
                        translation& to) {
  to.set("sasl.mechanisms", mechanism);
  to.own("security.sasl.user", {"sasl.username"});
  to.own("security.sasl.password", {"sasl.password"});
  to.set_text("security.sasl.user", "sasl.username", user);
  to.set_secret("security.sasl.password", "sasl.password", password);
}

void translate(const sasl_plain& how, translation& to) {
  translate_password("PLAIN", how.user, how.password, to);
}

void translate(const scram_sha_256& how, translation& to) {
  translate_password("SCRAM-SHA-256", how.user, how.password, to);
}

void translate(const scram_sha_512& how, translation& to) {
  translate_password("SCRAM-SHA-512", how.user, how.password, to);
}

std::string in_one_text(const std::map<std::string, std::string>& extensions, translation& to) {
  constexpr std::string_view separators{" \t\r\n,=\0", 7};
  std::string all;
  for (const auto& [name, value] : extensions) {
    if (name.empty() || name.find_first_of(separators) != std::string::npos
        || value.find_first_of(separators.substr(0, 5)) != std::string::npos
        || value.find('\0') != std::string::npos) {
      to.refuse("security.sasl.extensions must have names and values without commas and blanks");
      return {};
    }
    all += (all.empty() ? "" : ",") + name + '=' + value;
  }
  return all;
}

void translate(const oauthbearer& how, translation& to) {
  to.set("sasl.mechanisms", "OAUTHBEARER");
  if (how.token_endpoint.empty()) {
    // These settings have no effect without an endpoint.
    if (!how.client_id.empty() || !how.client_secret.empty() || !how.scope.empty()
        || !how.extensions.empty())
      to.refuse("security.sasl.token_endpoint must be set if client_id, client_secret, scope or "
                "extensions of security.sasl are set");
    return;
  }
  to.own("security.sasl.token_endpoint",
         {"sasl.oauthbearer.method", "sasl.oauthbearer.token.endpoint.url"});
  to.own("security.sasl.client_id",
         {"sasl.oauthbearer.client.id", "sasl.oauthbearer.client.credentials.client.id"});
  to.own("security.sasl.client_secret",
         {"sasl.oauthbearer.client.secret", "sasl.oauthbearer.client.credentials.client.secret"});
  to.set("sasl.oauthbearer.method", "oidc");
  to.set_text("security.sasl.token_endpoint", "sasl.oauthbearer.token.endpoint.url",
              how.token_endpoint);
  to.set_text("security.sasl.client_id", "sasl.oauthbearer.client.id", how.client_id);
  to.set_secret("security.sasl.client_secret", "sasl.oauthbearer.client.secret", how.client_secret);
  if (!how.scope.empty()) {
    to.own("security.sasl.scope", {"sasl.oauthbearer.scope"});
    to.set_text("security.sasl.scope", "sasl.oauthbearer.scope", how.scope);
  }
  if (!how.extensions.empty()) {
    to.own("security.sasl.extensions", {"sasl.oauthbearer.extensions"});
    if (auto all = in_one_text(how.extensions, to); !all.empty())
      to.set("sasl.oauthbearer.extensions", std::move(all));
  }
}

} // namespace

security_keys keys_of_security(const security_settings& settings) {
  translation to;
  if (!settings.tls && !settings.sasl)
    return to.take();
  to.own(settings.tls ? "security.tls" : "security.sasl", {"security.protocol"});
  to.set("security.protocol", settings.tls && settings.sasl ? "sasl_ssl"
                              : settings.tls                ? "ssl"
                                                            : "sasl_plaintext");
  if (settings.tls)
    translate_tls(*settings.tls, to);
  if (settings.sasl) {
    to.own("security.sasl", {"sasl.mechanisms", "sasl.mechanism"});
    std::visit([&](const auto& how) { translate(how, to); }, *settings.sasl);
  }
  return to.take();
}

std::string fault_of_contradiction(std::string_view key, std::string_view setting) {
  return fmt::format("\"{}\" must not be in extra: {} sets it", key, setting);
}

} // namespace ottla::kafka
