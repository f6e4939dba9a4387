#include <ottla/kafka/client/secret_patterns.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace ottla::kafka;

namespace {

std::string masked(std::string text) {
  hide_secret_patterns(text);
  return text;
}

void check_untouched(const std::string& text) {
  CHECK(masked(text) == text);
}

} // namespace

TEST_SUITE("secret_patterns") {
  TEST_CASE("the value behind a name that speaks of a secret is replaced") {
    CHECK(masked("no login with password=hunter2 as anna") == "no login with password=*** as anna");
    for (const auto* name : {"password",
                             "PASSWORD",
                             "passwd",
                             "pwd",
                             "db_pwd",
                             "secret",
                             "client_secret",
                             "clientSecret",
                             "client-secret",
                             "token",
                             "access_token",
                             "refreshToken",
                             "api_key",
                             "apiKey",
                             "X-Api-Key",
                             "key",
                             "aws.secret.access.key",
                             "credential",
                             "credentials",
                             "passphrase",
                             "sasl.password",
                             "ssl.key.pem"}) {
      const std::string begin = name;
      CHECK(masked(begin + "=hunter2") == begin + "=***");
      CHECK(masked(begin + ":hunter2") == begin + ":***");
      CHECK(masked(begin + ": hunter2 is wrong") == begin + ": *** is wrong");
      CHECK(masked('(' + begin + " = hunter2)") == '(' + begin + " = ***)");
      CHECK(masked(begin + "=\"hunter2 x\", and") == begin + "=\"***\", and");
      CHECK(masked(begin + "='hunter2'") == begin + "='***'");
      CHECK(masked("{\"" + begin + "\":\"hunter2\",\"a\":1}")
            == "{\"" + begin + "\":\"***\",\"a\":1}");
      CHECK(masked("{\"" + begin + "\" : \"hun\\\"ter2\"}") == "{\"" + begin + "\" : \"***\"}");
      CHECK(masked("{\\\"" + begin + "\\\":\\\"hunter2\\\"}")
            == "{\\\"" + begin + "\\\":\\\"***\\\"}");
      CHECK(masked("https://idp/x?a=1&" + begin + "=hunter2")
            == "https://idp/x?a=1&" + begin + "=***");
    }
  }

  TEST_CASE("a password is replaced though it is a word, or holds punctuation") {
    CHECK(masked("password: swordfish") == "password: ***");
    CHECK(masked("password=hun,ter;2&x, again") == "password=***, again");
    CHECK(masked("secret: correct") == "secret: ***");
  }

  TEST_CASE("a replaced value stays replaced") {
    for (const auto* text : {"password=***", "password: ***", "Bearer ***", "\"token\":\"***\""})
      check_untouched(text);
  }

  TEST_CASE("prose that speaks of secrets is left alone") {
    for (const auto* text :
         {"Failed to acquire SASL OAUTHBEARER token: HTTP 401", "no token: the provider is away",
          "wrong password", "the token is empty", "\"sasl.password\" cannot be what it is set to",
          "\"ssl.key.location\" names \"/no/key.pem\", which cannot be read",
          "ssl.key.location=/etc/key.pem", "no answer of \"https://idp/token\": 401",
          "no answer of https://idp/token: 401", "x509 certificate routines::key values mismatch",
          "Broker: Topic authorization failed", "bearer token expired",
          "Basic authentication failed"})
      check_untouched(text);
  }

  TEST_CASE("what an Authorization header holds is replaced") {
    CHECK(masked("Bearer hunter2") == "Bearer ***");
    CHECK(masked("got bearer hunter2, and") == "got bearer ***, and");
    CHECK(masked("Authorization: Bearer hunter2") == "Authorization: Bearer ***");
    CHECK(masked("authorization: Basic YW5uYTpodW50ZXIy") == "authorization: Basic ***");
    CHECK(masked("\"Authorization\":\"Basic YW5uYTpodW50ZXIy\"") == "\"Authorization\":\"***\"");
  }

  TEST_CASE("a PEM block is replaced, also one that was cut") {
    CHECK(masked("bad key -----BEGIN PRIVATE KEY-----\nMIIEhunter2\n-----END PRIVATE KEY-----\n!")
          == "bad key ***\n!");
    CHECK(masked("bad key -----BEGIN RSA PRIVATE KEY-----\nMIIEhunter2") == "bad key ***");
  }

  TEST_CASE("long words that look like base64 or hex are replaced") {
    CHECK(masked("got MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj for it") == "got *** for it");
    CHECK(masked("got a/Vb3+Kx9Lq2Zr8Tn5Wm7Yp4Hs6Jd1Gf0/x== for it") == "got *** for it");
    CHECK(masked("got " + std::string(20, 'a') + std::string(20, '1') + '!') == "got ***!");
  }

  TEST_CASE("names, addresses and paths are left alone, however long") {
    for (const auto* text :
         {"org.apache.kafka.common.security.plain.PlainLoginModule",
          "OrderEventsProcessedV2StreamAggregateForTheWarehouse",
          "rdkafka-8c7b1f9e-3a52-4d1b-9a67-1c2f3e4d5b6a",
          "MyService-Prod-8c7b1f9e-3a52-4d1b-9a67-1c2f3e4d5b6a",
          "/usr/share/ca-certificates/mozilla/ISRG_Root_X1.crt",
          "sasl_ssl://b-1.Cluster2.a1b2c3.c4.kafka.us-east-1.amazonaws.com:9096/bootstrap",
          "Disconnected while requesting ApiVersion: might be caused by incorrect "
          "security.protocol configuration (connecting to a SSL listener?)",
          "1234567890123456789012345678901234567890"})
      check_untouched(text);
  }
}
