#include <ottla/configuration/heroku.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace ottla::kafka;

namespace {

using lines = std::vector<std::string>;

heroku_settings read_url(const std::string& url) {
  return read_heroku_settings({{"KAFKA_URL", url}});
}

} // namespace

TEST_SUITE("heroku") {
  TEST_CASE("KAFKA_URL becomes a list of brokers with TLS") {
    const auto read = read_url("kafka+ssl://192.168.1.100:9096,kafka+ssl://192.168.1.101:9096,"
                               "kafka+ssl://192.168.1.102:9096");
    CHECK(read.faults == lines{});
    CHECK(read.brokers == "192.168.1.100:9096,192.168.1.101:9096,192.168.1.102:9096");
    CHECK(read.security.tls);
    CHECK(!read.security.sasl);
  }

  TEST_CASE("kafka:// is a connection without TLS, and IPv6 addresses are in brackets") {
    const auto read = read_url(" kafka://[2001:db8::1]:9092 , kafka://b/ ");
    CHECK(read.faults == lines{});
    CHECK(read.brokers == "[2001:db8::1]:9092,b:9092");
    CHECK(!read.security.tls);
  }

  TEST_CASE("without certificates TLS uses the authorities of the system") {
    const auto read = read_url("kafka+ssl://a:1");
    REQUIRE(read.security.tls);
    CHECK(!read.security.tls->ca);
    CHECK(!read.security.tls->certificate);
    CHECK(!read.security.tls->key);
    CHECK(read.security.tls->verify_host);
  }

  TEST_CASE("certificates and key are PEM texts in variables") {
    const auto read = read_heroku_settings({{"KAFKA_URL", "kafka+ssl://a:1"},
                                            {"KAFKA_TRUSTED_CERT", "the authority"},
                                            {"KAFKA_CLIENT_CERT", "not really a cert"},
                                            {"KAFKA_CLIENT_CERT_KEY", "not really a cert key"}});
    CHECK(read.faults == lines{});
    REQUIRE(read.security.tls);
    const auto text = [](const pem& from) { return *std::get<pem_text>(from.value()).text.read(); };
    CHECK(text(read.security.tls->ca) == "the authority");
    CHECK(text(read.security.tls->certificate) == "not really a cert");
    CHECK(text(read.security.tls->key) == "not really a cert key");
    CHECK(!read.security.tls->verify_host);
    CHECK(read.security.tls->verify_certificate);
  }

  TEST_CASE("wrong variables are faults") {
    CHECK(read_heroku_settings({}).faults == lines{"KAFKA_URL: must be set and not empty"});
    CHECK(read_url("kafka+ssl://a:1,kafka://b:1").faults
          == lines{"KAFKA_URL: all brokers must have the same scheme, kafka:// or kafka+ssl://"});
    CHECK(read_url("a:1,http://b:1,kafka://c:1").faults
          == lines{"KAFKA_URL: broker 1 must begin with kafka:// or kafka+ssl://",
                   "KAFKA_URL: broker 2 must begin with kafka:// or kafka+ssl://"});
    CHECK(read_url("kafka://a:99999,kafka://").faults
          == lines{"KAFKA_URL: broker 1: the port of \"a\" must be from 1 to 65535, got 99999",
                   "KAFKA_URL: broker 2 is empty"});
    CHECK(
      read_heroku_settings({{"KAFKA_URL", "kafka+ssl://a:1"}, {"KAFKA_CLIENT_CERT", "x"}}).faults
      == lines{"KAFKA_CLIENT_CERT_KEY: must be set if KAFKA_CLIENT_CERT is"});
    CHECK(read_heroku_settings({{"KAFKA_URL", "kafka+ssl://a:1"}, {"KAFKA_CLIENT_CERT_KEY", "x"}})
            .faults
          == lines{"KAFKA_CLIENT_CERT: must be set if KAFKA_CLIENT_CERT_KEY is"});
  }

  TEST_CASE("credentials in KAFKA_URL are rejected and not quoted") {
    const auto read = read_url("kafka+ssl://ada:hunter2,x@a:1");
    CHECK(read.faults
          == lines{"KAFKA_URL: contains credentials before '@': Heroku authenticates by "
                   "certificate"});
    CHECK(read.brokers.empty());
    CHECK(!read.security.tls);
  }
}
