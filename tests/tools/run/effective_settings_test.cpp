#include "run/effective_settings.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace command;
namespace kafka = ottla::kafka;

TEST_SUITE("command: effective_settings") {
  const kafka::connection secretive{
    .brokers = "a:1",
    .producing = kafka::producer_settings{.extra = {{"sasl.password", "hidden"}}},
    .group_consumer = kafka::group_consumer{.group = "g", .topics = {"t"}},
    .security = {.tls = kafka::tls{.ca = kafka::pem_file{"/ca.pem"},
                                   .certificate = kafka::pem_text{"hidden"},
                                   .key = kafka::pem_text{"hidden"},
                                   .key_password = "hidden"},
                 .sasl = kafka::scram_sha_512{.user = "ada", .password = "hidden"}},
    .extra = {{"ssl.key.pem", "hidden"},
              {"sasl.oauthbearer.config", "hidden"},
              {"sasl.oauthbearer.assertion.private.key.passphrase", "hidden"},
              {"sasl.kerberos.kinit.cmd", "kinit hidden"},
              {"sasl.oauthbearer.jwks.endpoint.url", "https://y/?key=hidden"},
              {"sasl.oauthbearer.token.endpoint.url", "https://x:hidden@y/"},
              {"SSL.Keystore.Password", "hidden"},
              {"socket.timeout.ms", "6000"}}};

  TEST_CASE("no secret is shown, in any format") {
    const auto settings = effective_settings(secretive);
    CHECK(settings.dump().find("hidden") == std::string::npos);
    CHECK(setting_lines(settings, "").find("hidden") == std::string::npos);
    CHECK(settings["security"]["sasl"]["password"] == "***");
    CHECK(settings["security"]["tls"]["ca_file"] == "/ca.pem");
    CHECK(settings["extra"]["socket.timeout.ms"] == "6000");
  }

  TEST_CASE("lines have the keys of the file") {
    const auto lines = setting_lines(effective_settings(secretive), "connections.x.");
    CHECK(lines.find("connections.x.brokers = \"a:1\"\n") != std::string::npos);
    CHECK(lines.find("connections.x.security.sasl.mechanism = \"SCRAM-SHA-512\"\n")
          != std::string::npos);
    CHECK(lines.find("connections.x.group_consumer.session_timeout = \"45s\"\n")
          != std::string::npos);
    CHECK(lines.find("connections.x.producing.linger = \"5ms\"\n") != std::string::npos);
    CHECK(lines.find("connections.x.group_consumer.topics = [\"t\"]\n") != std::string::npos);
  }

  TEST_CASE("parts that are not set are not shown") {
    const auto settings = effective_settings({.brokers = "a:1"});
    for (const auto* key : {"security", "producing", "group_consumer", "producers", "extra"})
      CHECK_FALSE(settings.contains(key));
  }
}
