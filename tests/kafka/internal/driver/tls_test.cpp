// Which errors a program gets for certificates, keys and ports that do not match.

#include <ottla/kafka/admin/topics.hpp>
#include <ottla/kafka/connection.hpp>

#include "event_pump.hpp"
#include "support/tls_server.hpp"

#include <cstdlib>
#include <memory>

using namespace ottla::kafka;
using namespace ottla::kafka::test;
using ottla::test::certificates;
using ottla::test::tls_server;

namespace {

using keys = std::map<std::string, std::string>;

keys tls_keys(const certificates& with, keys more = {}) {
  more.emplace("security.protocol", "ssl");
  more.emplace("ssl.ca.location", with.path("ca.pem"));
  // The server of these tests listens on IPv4 only.
  more.emplace("broker.address.family", "v4");
  return more;
}

/// Returns the first failure that a handle reports.
error told(const std::string& broker, keys how) {
  const auto kafka = make_librdkafka_driver({.brokers = broker, .extra = std::move(how)});
  member who{kafka->open_consumer(quick("g"))};
  return who.expect<handle_failed>().what;
}

bool says(const error& what, const std::string& words) {
  CAPTURE(what.text);
  return what.text.find(words) != std::string::npos;
}

error refusal(keys how) {
  const auto opened = make_librdkafka_driver({.brokers = "localhost:1", .extra = std::move(how)})
                        ->open_producer({});
  REQUIRE(std::holds_alternative<error>(opened));
  CHECK(std::get<error>(opened).code == errc::bad_setting);
  return std::get<error>(opened);
}

} // namespace

TEST_SUITE("tls" * doctest::timeout(120)) {
  TEST_CASE("an expired certificate, a wrong host and an unknown authority are reported with "
            "different texts") {
    const certificates made;
    made.sign("good", "DNS:localhost");
    made.sign_expired("expired", "DNS:localhost");
    made.sign("elsewhere", "DNS:elsewhere.example");
    made.make_authority("stranger");
    const tls_server good{made, "good"};
    const tls_server expired{made, "expired"};
    const tls_server elsewhere{made, "elsewhere"};
    const auto late = told("localhost:" + expired.port(), tls_keys(made));
    CHECK(late.code == errc::authentication_failed);
    CHECK(says(late, "the broker's certificate has expired"));
    CHECK(says(told("localhost:" + elsewhere.port(), tls_keys(made)),
               "the broker's certificate is for another host"));
    CHECK(says(told("localhost:" + good.port(),
                    tls_keys(made, {{"ssl.ca.location", made.path("stranger.pem")}})),
               "the authority of the broker's certificate is unknown"));
    // Without verification, no certificate is rejected.
    CHECK_FALSE(says(told("localhost:" + expired.port(),
                          tls_keys(made, {{"enable.ssl.certificate.verification", "false"}})),
                     "expired"));
  }

  TEST_CASE("a cluster request reports an expired certificate") {
    const certificates made;
    made.sign_expired("expired", "DNS:localhost");
    const tls_server expired{made, "expired"};
    const auto listed
      = list_topics({.brokers = "localhost:" + expired.port(), .extra = tls_keys(made)}, 3s);
    REQUIRE_FALSE(listed);
    CHECK(says(listed.error(), "the broker's certificate has expired"));
  }

  TEST_CASE("the failure of a plaintext client at a TLS port explains the mismatch") {
    const certificates made;
    made.sign("good", "DNS:localhost");
    const tls_server server{made, "good"};
    CHECK(says(told("localhost:" + server.port(), {}),
               "the port may be a TLS port and this client speaks plaintext"));
  }

  TEST_CASE("the failure of a TLS client at a plaintext port explains the mismatch") {
    const certificates made;
    const embedded_cluster cluster{{}};
    const auto kafka
      = make_librdkafka_driver({.brokers = cluster.brokers(), .extra = tls_keys(made)});
    member who{kafka->open_consumer(quick("g"))};
    // The cluster may close the connection at any point of the handshake, even before its start.
    bool heard = false;
    for (int failures = 0; failures < 10 && !heard; ++failures)
      heard = says(who.expect<handle_failed>().what,
                   "the port may be a plaintext port and this client speaks TLS");
    CHECK(heard);
  }

  TEST_CASE(
    "the failure of a client without a required certificate mentions the client certificate") {
    const certificates made;
    made.sign("good", "DNS:localhost");
    const tls_server strict{made, "good", {"-Verify", "1", "-verify_return_error"}};
    CHECK(says(told("localhost:" + strict.port(), tls_keys(made)), "client certificate"));
  }

  TEST_CASE("the refusal of a file that cannot be read names its key and path") {
    const certificates made;
    CHECK(refusal({{"security.protocol", "ssl"}, {"ssl.ca.location", "/no/such/ca.pem"}}).text
          == "\"ssl.ca.location\" names \"/no/such/ca.pem\", which cannot be read: No such file or "
             "directory");
    CHECK(refusal(
            tls_keys(made, {{"ssl.key.location", "/no/key.pem"}, {"ssl.crl.location", "/no/crl"}}))
            .text
          == "\"ssl.key.location\" names \"/no/key.pem\", which cannot be read: No such file or "
             "directory; \"ssl.crl.location\" names \"/no/crl\", which cannot be read: No such "
             "file or directory");
    CHECK(refusal(tls_keys(made, {{"ssl.certificate.location", "/tmp"}})).text
          == "\"ssl.certificate.location\" names \"/tmp\", which cannot be read: it is a folder");
    CHECK(refusal(tls_keys(made, {{"ssl.key.location", "hunter2"}})).text
          == "\"ssl.key.location\" names a file that cannot be read: No such file or directory");
    CHECK(std::holds_alternative<std::unique_ptr<producer_handle>>(
      make_librdkafka_driver({.brokers = "localhost:1", .extra = {{"ssl.key.location", "/no/key"}}})
        ->open_producer({})));
  }

  TEST_CASE("the refusal of files that do not belong together names both files") {
    const certificates made;
    made.sign("one", "DNS:localhost");
    made.sign("other", "DNS:localhost");
    const auto why = refusal(tls_keys(made, {{"ssl.certificate.location", made.path("one.pem")},
                                             {"ssl.key.location", made.path("other.key")}}));
    CHECK(says(why, "\"ssl.key.location\" (\"" + made.path("other.key")
                      + "\") does not match the certificate \"ssl.certificate.location\" (\""
                      + made.path("one.pem") + "\")"));
    const auto no_certificate
      = refusal(tls_keys(made, {{"ssl.certificate.location", made.path("one.key")}}));
    CHECK(says(no_certificate, "\"ssl.certificate.location\" (\"" + made.path("one.key") + "\")"));
  }

  TEST_CASE("the refusal of a wrong key password names the key's file and not the password") {
    const certificates made;
    made.sign("one", "DNS:localhost");
    made.run("pkcs8 -topk8 -in " + made.path("one.key") + " -out " + made.path("locked.key")
             + " -passout pass:right");
    const auto why = refusal(tls_keys(made, {{"ssl.certificate.location", made.path("one.pem")},
                                             {"ssl.key.location", made.path("locked.key")},
                                             {"ssl.key.password", "hunter2"}}));
    CHECK(says(why, "\"ssl.key.password\" does not open the encrypted key \"ssl.key.location\" (\""
                      + made.path("locked.key") + "\")"));
    CHECK_FALSE(says(why, "hunter2"));
  }

  TEST_CASE("validation of a connection reports unreadable files together with all other faults") {
    const connection bad{
      .name = "c",
      .brokers = "localhost:1",
      .producing
      = producer_settings{.linger = 10s, .delivery_timeout = 5s, .extra = {{"ack", "1"}}},
      .extra = {{"security.protocol", "ssl"}, {"ssl.ca.location", "/no/ca.pem"}}};
    const std::vector<std::string> all{
      "connection \"c\": linger must be below delivery_timeout (5000ms), got 10000000us",
      "connection \"c\": \"ack\" is not a librdkafka key; a similar key is \"acks\"",
      "connection \"c\": \"ssl.ca.location\" names \"/no/ca.pem\", which cannot be read: No such "
      "file or directory"};
    CHECK(validate(bad) == all);
  }
}
