#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// Returns the reason why a broker's certificate is rejected, such as `the broker's certificate has
/// expired`. `x509_error` is OpenSSL's X509_V_ERR_… number.
std::string explain_certificate(int x509_error);

/// Explains failed connections. librdkafka has the same text for all rejected certificates, and
/// does not say why a connection was closed. This class remembers why certificates were rejected.
/// If a failed connection reveals a mistake in the settings, this class names the mistake.
class connection_faults {
public:
  /// Reads a line of librdkafka's log.
  void note_log(std::string_view facility, std::string_view text);

  /// Returns `localhost:9093/1: CAUSE: TEXT`, or only the text if no cause is known.
  std::string explain(const std::string& text) const;

  /// Returns `localhost:9093/1: the connection was lost` if librdkafka's text only guesses at a
  /// mistake in the settings. Returns nullopt for any other text. Call this function only for a
  /// broker that has accepted these settings before.
  static std::optional<std::string> explain_loss(std::string_view text);

private:
  /// The reason for each rejected certificate, by librdkafka's name of the broker.
  std::map<std::string, std::string, std::less<>> refused_certificates_;
};

/// Whether librdkafka's text says that this client rejected a broker's certificate.
bool is_refused_certificate(std::string_view text);

/// Whether the text only says that a broker closed a connection. Brokers close idle connections,
/// and close all connections when they stop. Later events report a lasting fault.
bool is_mere_disconnect(std::string_view text);

/// Returns `ssl://localhost:9093/bootstrap` for `ssl://localhost:9093/bootstrap: SSL handshake
/// failed…`. Returns an empty text if `text` names no broker.
std::string_view broker_of(std::string_view text);

} // namespace ottla::kafka
