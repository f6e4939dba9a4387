#pragma once

#include <ottla/kafka/secret.hpp>

#include <map>
#include <optional>
#include <string>
#include <variant>

namespace ottla::kafka {

/// A certificate or a key in a file of PEM text.
struct pem_file {
  std::string path = {};
};

/// A certificate or a key as PEM text. A text may have several certificates. The text can come from
/// an environment variable: `pem_text{secret::from_environment("KAFKA_CLIENT_CERT")}`.
struct pem_text {
  secret text = {};
};

/// A certificate or a key: a file, or the text itself. nullopt for none.
using pem = std::optional<std::variant<pem_file, pem_text>>;

/// An encrypted connection to the brokers. `tls{}` checks brokers against the certificate
/// authorities of the system.
struct tls {
  /// Certificate authorities that may sign a broker's certificate. nullopt for the authorities of
  /// the system. The path of a pem_file may also be a folder of certificates. Kafka:
  /// ssl.truststore.location (librdkafka: ssl.ca.location, ssl.ca.pem).
  pem ca = std::nullopt;
  /// The client's certificate, if the brokers request one. Needs `key`. Kafka: ssl.keystore.* and
  /// ssl.keystore.certificate.chain (librdkafka: ssl.certificate.location, ssl.certificate.pem).
  pem certificate = std::nullopt;
  /// The private key of `certificate`. Kafka: ssl.keystore.key (librdkafka: ssl.key.location,
  /// ssl.key.pem).
  pem key = std::nullopt;
  /// The password of an encrypted `key`. Kafka: ssl.key.password.
  secret key_password = {};
  /// Whether a broker's certificate must be signed by one of the authorities. Without this check,
  /// anybody between the client and the broker can read and change the data. librdkafka:
  /// enable.ssl.certificate.verification.
  bool verify_certificate = true;
  /// Whether a broker's certificate must have the host name of the broker. No effect if
  /// verify_certificate is false. Kafka: ssl.endpoint.identification.algorithm.
  bool verify_host = true;
};

/// SASL PLAIN: sends the password to the broker. Use it with TLS only.
struct sasl_plain {
  /// Kafka: sasl.jaas.config (librdkafka: sasl.username, sasl.password).
  std::string user = {};
  secret password = {};
};

/// SASL SCRAM-SHA-256: proves the password without sending it.
struct scram_sha_256 {
  std::string user = {};
  secret password = {};
};

/// SASL SCRAM-SHA-512.
struct scram_sha_512 {
  std::string user = {};
  secret password = {};
};

/// SASL OAUTHBEARER. If `token_endpoint` is empty, the program provides the tokens, see
/// connection::oauth_tokens. Otherwise librdkafka requests tokens from the endpoint by OIDC, with
/// the grant type client_credentials.
struct oauthbearer {
  /// URL of the token endpoint. Kafka: sasl.oauthbearer.token.endpoint.url.
  std::string token_endpoint = {};
  /// Required with `token_endpoint`. librdkafka: sasl.oauthbearer.client.id.
  std::string client_id = {};
  /// Required with `token_endpoint`. librdkafka: sasl.oauthbearer.client.secret.
  secret client_secret = {};
  /// Scope of the tokens. Empty for the endpoint's default. librdkafka: sasl.oauthbearer.scope.
  std::string scope = {};
  /// SASL extensions (RFC 7628) of requests to brokers, for OIDC. Names and values must not contain
  /// commas or blanks, and names must not contain `=`. librdkafka: sasl.oauthbearer.extensions.
  std::map<std::string, std::string> extensions = {};
};

/// How a client authenticates itself to brokers.
using sasl_mechanism = std::variant<sasl_plain, scram_sha_256, scram_sha_512, oauthbearer>;

/// Encryption and authentication of a client's connections to the brokers. If both fields are
/// nullopt, only the librdkafka keys in `extra` apply. A key in `extra` that one of these fields
/// also sets is a fault.
///
///     .security = {.tls = kafka::tls{.ca = kafka::pem_file{"/etc/kafka/ca.pem"}},
///                  .sasl = kafka::scram_sha_512{
///                    .user = "ada",
///                    .password = kafka::secret::from_environment("KAFKA_PASSWORD")}},
struct security_settings {
  /// nullopt for connections without encryption. Kafka: security.protocol and ssl.*.
  std::optional<kafka::tls> tls = std::nullopt;
  /// nullopt for connections without SASL. Kafka: security.protocol and sasl.*.
  std::optional<sasl_mechanism> sasl = std::nullopt;
};

} // namespace ottla::kafka
