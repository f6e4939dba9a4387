#include <ottla/kafka/connection.hpp>

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

using namespace ottla;
using namespace ottla::kafka;

namespace {

std::vector<std::string> faults(security_settings security, extra_settings extra = {}) {
  auto lines = validate(connection{.name = "c",
                                   .brokers = "localhost:1",
                                   .security = std::move(security),
                                   .extra = std::move(extra)});
  for (auto& line : lines) {
    REQUIRE(line.starts_with("connection \"c\": "));
    line.erase(0, 16);
  }
  return lines;
}

using lines = std::vector<std::string>;

} // namespace

TEST_SUITE("security_settings") {
  TEST_CASE("librdkafka accepts TLS, PLAIN and SCRAM") {
    CHECK(faults({}) == lines{});
    CHECK(faults({.tls = tls{}}) == lines{});
    CHECK(faults({.sasl = sasl_plain{"ada", "hunter2"}}) == lines{});
    CHECK(faults({.tls = tls{.verify_host = false}, .sasl = scram_sha_256{"ada", "hunter2"}})
          == lines{});
    CHECK(faults({.tls = tls{}, .sasl = scram_sha_512{"ada", "hunter2"}}) == lines{});
  }

  TEST_CASE("an environment variable that is missing is a fault of the start") {
    ::unsetenv("OTTLA_TEST_SECRET");
    CHECK(faults({.tls = tls{},
                  .sasl = scram_sha_512{"ada", secret::from_environment("OTTLA_TEST_SECRET")}})
          == lines{
            "security.sasl.password: the environment variable \"OTTLA_TEST_SECRET\" is not set"});
  }

  TEST_CASE("a key in extra that a security setting sets is a fault that names both") {
    CHECK(faults({.tls = tls{}, .sasl = sasl_plain{"ada", "hunter2"}},
                 {{"sasl.password", "tiger"},
                  {"sasl.mechanism", "PLAIN"},
                  {"security.protocol", "ssl"},
                  {"ssl.endpoint.identification.algorithm", "none"}})
          == lines{"\"sasl.mechanism\" must not be in extra: security.sasl sets it",
                   "\"sasl.password\" must not be in extra: security.sasl.password sets it",
                   "\"security.protocol\" must not be in extra: security.tls sets it",
                   "\"ssl.endpoint.identification.algorithm\" must not be in extra: "
                   "security.tls.verify_host sets it"});
    // The same in the keys of one handle.
    const auto of_producers = validate(
      connection{.name = "c",
                 .brokers = "localhost:1",
                 .producing = producer_settings{.extra = {{"ssl.ca.location", "/etc/ca.pem"}}},
                 .security = {.tls = tls{.ca = pem_file{"/etc/hosts"}}}});
    CHECK(of_producers
          == lines{"connection \"c\": \"ssl.ca.location\" must not be in extra: security.tls.ca "
                   "sets it"});
  }

  TEST_CASE("extra may have keys beside the security settings") {
    CHECK(faults({.tls = tls{}}, {{"ssl.cipher.suites", "DEFAULT"}}) == lines{});
  }

  TEST_CASE("a file that cannot be read is a fault that names it") {
    CHECK(faults({.tls = tls{.ca = pem_file{"/nowhere/ca.pem"}}})
          == lines{"\"ssl.ca.location\" names \"/nowhere/ca.pem\", which cannot be read: No such "
                   "file or directory"});
  }

  TEST_CASE("OAUTHBEARER needs a source of tokens") {
    const auto missing = faults({.tls = tls{}, .sasl = oauthbearer{}});
    REQUIRE(missing.size() == 1);
    CHECK(missing[0].starts_with("\"sasl.mechanisms\" is \"OAUTHBEARER\" without a source"));
    auto provided = connection{
      .name = "c", .brokers = "localhost:1", .security = {.tls = tls{}, .sasl = oauthbearer{}}};
    provided.oauth_tokens = [](const std::string&) { return oauth_token{}; };
    CHECK(validate(provided) == lines{});
  }

  TEST_CASE("no fault quotes a password or a private key") {
    const auto all = faults({.tls = tls{.certificate = pem_text{"hunter2 certificate"},
                                        .key = pem_text{"hunter2 key"},
                                        .key_password = std::string{"hunter2\0x", 9}},
                             .sasl = sasl_plain{"ada", std::string{"hunter2\0x", 9}}});
    CHECK(all
          == lines{"security.tls.certificate has no PEM text: \"-----BEGIN \" is missing",
                   "security.tls.key has no PEM text: \"-----BEGIN \" is missing",
                   "security.tls.key_password must not contain a NUL",
                   "security.sasl.password must not contain a NUL"});
    for (const auto& each :
         faults({.tls = tls{.certificate = pem_text{"-----BEGIN CERTIFICATE-----\nhunter2\n"},
                        .key = pem_text{"-----BEGIN PRIVATE KEY-----\nhunter2\n"}}})) {
      CAPTURE(each);
      CHECK(each.find("hunter2") == std::string::npos);
    }
  }
}
