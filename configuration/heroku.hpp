#pragma once

#include <ottla/configuration/environment.hpp>
#include <ottla/kafka/security.hpp>

#include <string>
#include <vector>

namespace ottla::kafka {

/// The cluster that Heroku's variables describe.
struct heroku_settings {
  /// For connection::brokers. Empty if there is a fault.
  std::string brokers = {};
  /// For connection::security. Without TLS if there is a fault, so check `faults` first.
  security_settings security = {};
  /// All faults, one line each. No fault quotes a credential or a certificate.
  std::vector<std::string> faults = {};
};

/// Reads the variables of Heroku's add-on for Kafka, like Kaffe:
/// - KAFKA_URL: `kafka+ssl://host:port[,kafka+ssl://host:port…]`, or `kafka://` without TLS. IPv6
///   addresses are in brackets. All addresses must have the same scheme. Credentials are rejected.
/// - KAFKA_TRUSTED_CERT, KAFKA_CLIENT_CERT, KAFKA_CLIENT_CERT_KEY: the certificate authority, the
///   client's certificate and its key as PEM text. Ignored without TLS.
///
/// The certificates of Heroku's brokers do not contain host names. So if KAFKA_TRUSTED_CERT is set,
/// verify_host is false. The certificates must still be signed by that authority. Without
/// KAFKA_TRUSTED_CERT, verify_host is true.
///
///     const auto heroku = kafka::read_heroku_settings();
///     orders.brokers = heroku.brokers;
///     orders.security = heroku.security;
heroku_settings read_heroku_settings(const environment& variables = process_environment());

} // namespace ottla::kafka
