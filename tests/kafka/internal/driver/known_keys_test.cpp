#include <ottla/kafka/internal/driver/librdkafka/known_keys.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace ottla::kafka;

TEST_SUITE("known_keys") {
  TEST_CASE("a value may be shown only if its key is known to be harmless") {
    CHECK(may_be_shown("acks", "x"));
    CHECK(may_be_shown("security.protocol", "x"));
    CHECK(may_be_shown("group.id", "x"));
    for (const std::string key :
         {"sasl.password", "sasl.username", "ssl.key.password", "ssl.key.pem",
          "ssl.keystore.password", "sasl.oauthbearer.client.secret", "sasl.oauthbearer.config",
          "sasl.oauthbearer.token.endpoint.url", "sasl.oauthbearer.extensions",
          "sasl.oauthbearer.assertion.private.key.passphrase", "sasl.kerberos.kinit.cmd",
          "bootstrap.servers", "metadata.broker.list", "no.such.key", ""}) {
      CAPTURE(key);
      CHECK_FALSE(may_be_shown(key, "x"));
    }
  }

  TEST_CASE("a harmless key's value may be shown if it looks like words or a number") {
    for (const std::string value : {"", "7", "-1", "sasl_plaintext", "SCRAM-SHA-512", "a.b,c_d",
                                    "lz4", "100ms", "0.11.0.2"}) {
      CAPTURE(value);
      CHECK(may_be_shown("debug", value));
    }
    for (const std::string value :
         {"a b", "a\nb", "a=b", "\"", "a;b", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw", "hunter2",
          "plain,hunter2", "s3cr3t-word", "2hunters", "Xk9pL2wQ"}) {
      CAPTURE(value);
      CHECK_FALSE(may_be_shown("debug", value));
    }
    CHECK(is_harmless("debug"));
    CHECK_FALSE(is_harmless("sasl.password"));
    CHECK_FALSE(is_harmless("ssl.key.location"));
  }

  TEST_CASE("keys are case-sensitive, as in librdkafka") {
    CHECK(may_be_shown("client.id", "x"));
    CHECK_FALSE(may_be_shown("CLIENT.ID", "x"));
    CHECK_FALSE(may_be_shown("Client.id", "x"));
  }

  TEST_CASE("the value of a file key may be shown if it looks like a path") {
    CHECK(may_be_shown("ssl.ca.location", "/no/such/file.pem"));
    CHECK(may_be_shown("ssl.key.location", "./key.pem"));
    CHECK(may_be_shown("sasl.kerberos.keytab", "../etc/my service.keytab"));
    CHECK_FALSE(may_be_shown("ssl.key.location", "hunter2"));
    CHECK_FALSE(may_be_shown("ssl.key.location", "-----BEGIN PRIVATE KEY-----\nMIIE"));
    CHECK_FALSE(may_be_shown("ssl.key.location", "/hunter2=="));
    CHECK_FALSE(may_be_shown("ssl.key.location", ""));
  }

  TEST_CASE("similar_key finds the key that a misspelt key was meant to be") {
    CHECK(similar_key("sasl.pasword") == "sasl.password");
    CHECK(similar_key("SASL.PASSWORD") == "sasl.password");
    CHECK(similar_key("sasl_password") == "sasl.password");
    CHECK(similar_key("ssl-ca-location") == "ssl.ca.location");
    CHECK(similar_key("ack") == "acks");
    CHECK(similar_key("group.id") == "group.id");
    CHECK(similar_key("hunter2") == std::nullopt);
    CHECK(similar_key("debt") == std::nullopt);
    CHECK(similar_key(std::string(10'000, 'a')) == std::nullopt);
    CHECK(similar_key("") == std::nullopt);
  }

  TEST_CASE("a text made of words of keys looks like a key, and a password does not") {
    CHECK(looks_like_a_key("producr.timeot.ms"));
    CHECK(looks_like_a_key("Max.Poll-Records"));
    CHECK(looks_like_a_key("ssl.truststore.password"));
    CHECK(looks_like_a_key("sasl.jaas.config"));
    CHECK(looks_like_a_key("sasl_plain_password"));
    CHECK(looks_like_a_key("client.secret"));
    CHECK(looks_like_a_key("producer.timeout.ms"));
    for (const std::string text :
         {"hunter2", "correct.horse.battery.staple", "password", "sasl.password=hunter2",
          "s3cr3t.k3y", "Super-Secret-2024", "client.Secret_99x", "no.such.key", "passwrd.secrt",
          "", ".", "a b", "sasl password\n"}) {
      CAPTURE(text);
      CHECK_FALSE(looks_like_a_key(text));
    }
  }
}
