#include <ottla/kafka/internal/driver/librdkafka/connection_faults.hpp>

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <utility>

namespace ottla::kafka {

namespace {

/// Words in librdkafka's text, and the mistake that these words reveal.
struct known_fault {
  std::string_view words;
  std::string_view meaning;
  /// True if librdkafka uses these words for every connection that closes at the same stage.
  bool is_a_guess = false;
};

// The first matching entry is used.
constexpr std::array known_faults{
  known_fault{"Disconnected while requesting ApiVersion: might be caused by incorrect "
              "security.protocol",
              "the port may be a TLS port and this client speaks plaintext: check "
              "security.protocol",
              true},
  known_fault{"connecting to a PLAINTEXT broker listener",
              "the port may be a plaintext port and this client speaks TLS: check "
              "security.protocol",
              true},
  known_fault{"SSL handshake failed: SSL transport error",
              "the port may be a plaintext port and this client speaks TLS: check "
              "security.protocol",
              true},
  known_fault{"wrong version number",
              "the port does not speak TLS and this client does: check security.protocol"},
  known_fault{"broker might require SASL authentication",
              "the port may require SASL and this client does not use SASL: check "
              "security.protocol",
              true},
  known_fault{"not valid in current SASL state",
              "the port does not use SASL and this client does: check security.protocol"},
  known_fault{"client SSL authentication might be required",
              "the broker may require a client certificate: check ssl.certificate.location and "
              "ssl.key.location",
              true},
  known_fault{"certificate required", "the broker requires a client certificate: check "
                                      "ssl.certificate.location and ssl.key.location"},
  known_fault{"unknown ca", "the broker does not trust the authority of the client's certificate"},
  known_fault{"bad certificate", "the broker rejects the client's certificate"},
};

std::string with(std::string_view meaning, const std::string& text) {
  const auto broker = broker_of(text);
  if (broker.empty())
    return fmt::format("{}: {}", meaning, text);
  return fmt::format("{}: {}: {}", broker, meaning, text.substr(broker.size() + 2));
}

} // namespace

std::string_view broker_of(std::string_view text) {
  const auto end = text.find(": ");
  return end == std::string_view::npos ? std::string_view{} : text.substr(0, end);
}

std::string explain_certificate(int x509_error) {
  switch (x509_error) {
    case 9: return "the broker's certificate is not valid yet";
    case 10: return "the broker's certificate has expired";
    case 2:
    case 20:
    case 21: return "the authority of the broker's certificate is unknown: check ssl.ca.location";
    case 18:
      return "the broker's certificate is self-signed and not trusted: check ssl.ca.location";
    case 19:
      return "the authority of the broker's certificate is self-signed and not trusted: check "
             "ssl.ca.location";
    case 23: return "the broker's certificate was revoked";
    case 62:
    case 64: return "the broker's certificate is for another host";
    default:
      return fmt::format("the broker's certificate is rejected with OpenSSL's error {}",
                         x509_error);
  }
}

void connection_faults::note_log(std::string_view facility, std::string_view text) {
  if (facility != "SSLCERTVRFY")
    return;
  // `[thrd:NAME]: NAME: Certificate (…) verification callback failed: …reason…`
  if (const auto thread = text.find("]: ");
      text.starts_with('[') && thread != std::string_view::npos)
    text.remove_prefix(thread + 3);
  constexpr std::string_view before_reason = "verification callback failed: ";
  const auto reason = text.find(before_reason);
  if (const auto broker = broker_of(text); !broker.empty() && reason != std::string_view::npos)
    refused_certificates_.insert_or_assign(std::string{broker},
                                           text.substr(reason + before_reason.size()));
}

std::string connection_faults::explain(const std::string& text) const {
  if (is_refused_certificate(text))
    if (const auto known = refused_certificates_.find(broker_of(text));
        known != refused_certificates_.end())
      return with(known->second, text);
  for (const auto& known : known_faults)
    if (text.find(known.words) != std::string::npos)
      return with(known.meaning, text);
  return text;
}

bool is_refused_certificate(std::string_view text) {
  return text.find("certificate verify failed") != std::string_view::npos;
}

std::optional<std::string> connection_faults::explain_loss(std::string_view text) {
  for (const auto& known : known_faults)
    if (known.is_a_guess && text.find(known.words) != std::string_view::npos)
      return fmt::format("{}: the connection was lost", broker_of(text));
  return std::nullopt;
}

bool is_mere_disconnect(std::string_view text) {
  const auto broker = broker_of(text);
  return text.substr(broker.empty() ? 0 : broker.size() + 2).starts_with("Disconnected (after ");
}

} // namespace ottla::kafka
