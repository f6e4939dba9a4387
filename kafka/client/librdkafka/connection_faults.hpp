#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ottla::kafka {

/// What a refused certificate of a broker is refused for, by OpenSSL's number (X509_V_ERR_…), for
/// people: `the broker's certificate has expired`.
std::string explain_certificate(int x509_error);

/// librdkafka has one text for all certificates that it refuses, and leaves it to the reader what a
/// closed connection means. This remembers why certificates were refused, and says which mistake in
/// the settings, if any, a failed connection shows.
class connection_faults {
public:
  /// Reads a line of librdkafka's log.
  void note_log(std::string_view facility, std::string_view text);

  /// `localhost:9093/1: …why…: …text…`; the text alone where nothing more is known.
  std::string explain(const std::string& text) const;

  /// `localhost:9093/1: the connection was lost` for a text that librdkafka explains by a guess at
  /// the settings. Only for a broker that accepted these settings before. nullopt: any other text.
  static std::optional<std::string> explain_loss(std::string_view text);

private:
  /// By the name that librdkafka gives a broker.
  std::map<std::string, std::string, std::less<>> refused_certificates_;
};

/// A text of librdkafka's about a broker whose certificate this client refused.
bool is_refused_certificate(std::string_view text);

/// Whether the text tells only that a broker closed a connection, as brokers do with one that is
/// idle or when they are stopped. What follows shows whether that is a fault.
bool is_mere_disconnect(std::string_view text);

/// `ssl://localhost:9093/bootstrap` of `ssl://localhost:9093/bootstrap: SSL handshake failed…`;
/// empty: the text names no broker.
std::string_view broker_of(std::string_view text);

} // namespace ottla::kafka
