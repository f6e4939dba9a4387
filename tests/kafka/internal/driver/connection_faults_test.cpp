#include <ottla/kafka/internal/driver/librdkafka/connection_faults.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace ottla::kafka;

namespace {

std::string explained(const std::string& text) {
  return connection_faults{}.explain(text);
}

bool begins(const std::string& text, const std::string& with) {
  CAPTURE(text);
  return text.starts_with(with);
}

} // namespace

TEST_SUITE("connection_faults") {
  TEST_CASE("a connection failure that no setting explains keeps its text") {
    const std::string text = "a:1/2: Connect to ipv4#127.0.0.1:1 failed: Connection refused (after "
                             "0ms in state CONNECT)";
    CHECK(explained(text) == text);
    CHECK(explained("1/1 brokers are down") == "1/1 brokers are down");
    CHECK(explained("") == "");
  }

  TEST_CASE("a failure at a port that speaks another protocol names that protocol") {
    CHECK(explained("a:1/bootstrap: Disconnected while requesting ApiVersion: might be caused by "
                    "incorrect security.protocol configuration (connecting to a SSL listener?) or "
                    "broker version is < 0.10 (see api.version.request)")
          == "a:1/bootstrap: the port may be a TLS port and this client speaks plaintext: check "
             "security.protocol: Disconnected while requesting ApiVersion: might be caused by "
             "incorrect security.protocol configuration (connecting to a SSL listener?) or broker "
             "version is < 0.10 (see api.version.request)");
    CHECK(
      begins(explained("ssl://a:1/bootstrap: SSL handshake failed: Disconnected: connecting to a "
                       "PLAINTEXT broker listener? (after 1ms in state SSL_HANDSHAKE)"),
             "ssl://a:1/bootstrap: the port may be a plaintext port and this client speaks TLS"));
    CHECK(begins(explained("ssl://a:1/1: SSL handshake failed: error:0A00010B:SSL routines::wrong "
                           "version number"),
                 "ssl://a:1/1: the port does not speak TLS and this client does"));
    CHECK(begins(explained("a:1/1: Disconnected: verify that security.protocol is correctly "
                           "configured, broker might require SASL authentication (after 3ms in "
                           "state UP)"),
                 "a:1/1: the port may require SASL and this client does not use SASL"));
    CHECK(
      begins(explained("sasl_plaintext://a:1/1: SaslHandshake failed: Broker: Request not valid "
                       "in current SASL state"),
             "sasl_plaintext://a:1/1: the port does not use SASL and this client does"));
  }

  TEST_CASE("a failure that looks like a wrong setting becomes \"the connection was lost\" if the "
            "broker worked before") {
    for (const auto* text :
         {"Disconnected while requesting ApiVersion: might be caused by incorrect "
          "security.protocol configuration (connecting to a SSL listener?)",
          "Disconnected: verify that security.protocol is correctly configured, broker might "
          "require SASL authentication (after 3ms in state UP)",
          "SSL handshake failed: Disconnected: connecting to a PLAINTEXT broker listener?",
          "SSL handshake failed: SSL transport error: Success"})
      CHECK(connection_faults::explain_loss("a:1/1: " + std::string{text})
            == "a:1/1: the connection was lost");
    // These texts come from the broker or already name a cause.
    for (const auto* text : {"a:1/1: SSL handshake failed: wrong version number",
                             "a:1/1: Broker: Request not valid in current SASL state",
                             "a:1/1: Connect to ipv4#127.0.0.1:1 failed: Connection refused", ""})
      CHECK(connection_faults::explain_loss(text) == std::nullopt);
  }

  TEST_CASE(
    "a failed TLS handshake gets the reason that was logged for the same broker's certificate") {
    const std::string text = "ssl://a:1/bootstrap: SSL handshake failed: error:0A000086:SSL "
                             "routines::certificate verify failed: broker certificate could not be "
                             "verified";
    connection_faults faults;
    faults.note_log(
      "SSLCERTVRFY",
      "[thrd:ssl://a:1/bootstrap]: ssl://a:1/bootstrap: Certificate (subject=/CN=a: b, "
      "issuer=/CN=ca) verification callback failed: the broker's certificate has "
      "expired");
    CHECK(begins(faults.explain(text), "ssl://a:1/bootstrap: the broker's certificate has expired: "
                                       "SSL handshake failed"));
    auto other = text;
    other.replace(6, 1, "b");
    CHECK(faults.explain(other) == other);
    faults.note_log("FAIL", "[thrd:x]: ssl://b:1/bootstrap: Certificate () verification callback "
                            "failed: nothing");
    CHECK(faults.explain(other) == other);
  }

  TEST_CASE("known OpenSSL certificate errors have texts, and other errors show their number") {
    CHECK(explain_certificate(10) == "the broker's certificate has expired");
    CHECK(explain_certificate(9) == "the broker's certificate is not valid yet");
    CHECK(explain_certificate(62) == "the broker's certificate is for another host");
    CHECK(explain_certificate(64) == "the broker's certificate is for another host");
    CHECK(begins(explain_certificate(20), "the authority of the broker's certificate is unknown"));
    CHECK(begins(explain_certificate(19), "the authority of the broker's certificate is "
                                          "self-signed"));
    CHECK(begins(explain_certificate(18), "the broker's certificate is self-signed"));
    CHECK(explain_certificate(77)
          == "the broker's certificate is rejected with OpenSSL's error 77");
  }

  TEST_CASE("a bare disconnect, which may end an idle connection, is not reported as a failure") {
    CHECK(is_mere_disconnect("a:1/1: Disconnected (after 600000ms in state UP)"));
    CHECK_FALSE(is_mere_disconnect("a:1/1: Disconnected: verify that security.protocol is right"));
    CHECK_FALSE(is_mere_disconnect("a:1/1: Connect failed"));
    CHECK_FALSE(is_mere_disconnect(""));
  }
}
