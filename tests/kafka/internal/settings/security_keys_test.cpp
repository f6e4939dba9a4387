#include <ottla/kafka/internal/settings/security_keys.hpp>

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

using namespace ottla::kafka;

namespace {

using keys = std::map<std::string, std::string>;
using lines = std::vector<std::string>;

} // namespace

TEST_SUITE("security_keys") {
  TEST_CASE("settings without TLS and SASL set no key") {
    const auto none = keys_of_security({});
    CHECK(none.values == keys{});
    CHECK(none.owners.empty());
    CHECK(none.faults == lines{});
  }

  TEST_CASE("TLS and SASL choose the protocol") {
    const auto protocol = [](const security_settings& how) {
      return keys_of_security(how).values.at("security.protocol");
    };
    CHECK(protocol({.tls = tls{}}) == "ssl");
    CHECK(protocol({.sasl = sasl_plain{"ada", "x"}}) == "sasl_plaintext");
    CHECK(protocol({.tls = tls{}, .sasl = sasl_plain{"ada", "x"}}) == "sasl_ssl");
  }

  TEST_CASE("certificates and keys are files or texts") {
    CHECK(keys_of_security({.tls = tls{.ca = pem_file{"/ca"},
                                       .certificate = pem_file{"/cert"},
                                       .key = pem_text{"-----BEGIN KEY"},
                                       .key_password = "pw",
                                       .verify_host = false}})
            .values
          == keys{{"enable.ssl.certificate.verification", "true"},
                  {"security.protocol", "ssl"},
                  {"ssl.ca.location", "/ca"},
                  {"ssl.certificate.location", "/cert"},
                  {"ssl.endpoint.identification.algorithm", "none"},
                  {"ssl.key.password", "pw"},
                  {"ssl.key.pem", "-----BEGIN KEY"}});
    CHECK(keys_of_security({.tls = tls{.verify_certificate = false}})
            .values.at("ssl.endpoint.identification.algorithm")
          == "none");
  }

  TEST_CASE("each mechanism has its name and its keys") {
    CHECK(keys_of_security({.sasl = scram_sha_512{"ada", "pw"}}).values
          == keys{{"sasl.mechanisms", "SCRAM-SHA-512"},
                  {"sasl.password", "pw"},
                  {"sasl.username", "ada"},
                  {"security.protocol", "sasl_plaintext"}});
    CHECK(keys_of_security({.sasl = scram_sha_256{"ada", "pw"}}).values.at("sasl.mechanisms")
          == "SCRAM-SHA-256");
    CHECK(keys_of_security({.sasl = sasl_plain{"ada", "pw"}}).values.at("sasl.mechanisms")
          == "PLAIN");
    CHECK(keys_of_security({.sasl = oauthbearer{}}).values
          == keys{{"sasl.mechanisms", "OAUTHBEARER"}, {"security.protocol", "sasl_plaintext"}});
    CHECK(keys_of_security({.sasl = oauthbearer{.token_endpoint = "https://idp/token",
                                                .client_id = "shop",
                                                .client_secret = "pw",
                                                .scope = "kafka",
                                                .extensions = {{"a", "1"}, {"b", "2"}}}})
            .values
          == keys{{"sasl.mechanisms", "OAUTHBEARER"},
                  {"sasl.oauthbearer.client.id", "shop"},
                  {"sasl.oauthbearer.client.secret", "pw"},
                  {"sasl.oauthbearer.extensions", "a=1,b=2"},
                  {"sasl.oauthbearer.method", "oidc"},
                  {"sasl.oauthbearer.scope", "kafka"},
                  {"sasl.oauthbearer.token.endpoint.url", "https://idp/token"},
                  {"security.protocol", "sasl_plaintext"}});
  }

  TEST_CASE("all faults are reported together") {
    CHECK(keys_of_security({.tls = tls{.certificate = pem_file{""}}, .sasl = sasl_plain{}}).faults
          == lines{"security.tls.certificate must not be empty, got \"\"",
                   "security.tls.key must be set if security.tls.certificate is set",
                   "security.sasl.user must not be empty, got \"\"",
                   "security.sasl.password must not be empty"});
    CHECK(keys_of_security({.tls = tls{.key = pem_file{"/k"}}}).faults
          == lines{"security.tls.certificate must be set if security.tls.key is set"});
    CHECK(keys_of_security({.tls = tls{.key_password = "pw"}}).faults
          == lines{"security.tls.key must be set if security.tls.key_password is set"});
    CHECK(keys_of_security({.sasl = oauthbearer{.scope = "kafka"}}).faults.size() == 1);
    CHECK(
      keys_of_security({.sasl = oauthbearer{.token_endpoint = "https://idp",
                                            .client_id = "shop",
                                            .client_secret = "pw",
                                            .extensions = {{"a", "1,2"}}}})
        .faults
      == lines{"security.sasl.extensions must have names and values without commas and blanks"});
  }
}
