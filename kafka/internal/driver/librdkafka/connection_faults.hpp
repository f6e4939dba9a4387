#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// Why a broker's certificate is rejected: `the broker's certificate has expired`. `x509_error` is
/// OpenSSL's X509_V_ERR_… number.
std::string explain_certificate(int x509_error);

/// Explains failed connections. librdkafka has one text for all certificates that it rejects, and
/// leaves open what a closed connection means. This class remembers why certificates were rejected.
/// It names the mistake in the settings that a failed connection shows, if any.
class connection_faults {
public:
  /// Reads a line of librdkafka's log.
  void note_log(std::string_view facility, std::string_view text);

  /// `localhost:9093/1: …why…: …text…`; the text alone if no cause is known.
  std::string explain(const std::string& text) const;

  /// `localhost:9093/1: the connection was lost` for a text that librdkafka explains by a guess at
  /// the settings. Only for a broker that accepted these settings before. nullopt: any other text.
  static std::optional<std::string> explain_loss(std::string_view text);

private:
  /// By the name that librdkafka gives a broker.
  std::map<std::string, std::string, std::less<>> refused_certificates_;
};

/// Whether librdkafka's text says that this client rejected a broker's certificate.
bool is_refused_certificate(std::string_view text);

/// Whether the text only says that a broker closed a connection. Brokers do so with idle
/// connections, and when they stop. Later events show whether there is a fault.
bool is_mere_disconnect(std::string_view text);

/// `ssl://localhost:9093/bootstrap` of `ssl://localhost:9093/bootstrap: SSL handshake failed…`;
/// empty: the text names no broker.
std::string_view broker_of(std::string_view text);

} // namespace ottla::kafka
