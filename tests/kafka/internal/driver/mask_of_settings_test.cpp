#include <ottla/kafka/internal/driver/librdkafka/mask_of_settings.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace ottla::kafka;

namespace {

struct configured {
  void set(const char* key, const std::string& value) const {
    REQUIRE(rd_kafka_conf_set(conf.get(), key, value.c_str(), nullptr, 0) == RD_KAFKA_CONF_OK);
  }
  std::string masked(const std::string& text) const {
    return mask_of_settings(conf.get()).apply(text);
  }

  owned_conf conf{rd_kafka_conf_new()};
};

} // namespace

TEST_SUITE("mask_of_settings") {
  TEST_CASE_FIXTURE(
    configured,
    "value_of() returns a key's whole value or default, or an empty text if the key has neither") {
    CHECK(value_of(conf.get(), "client.id") == "rdkafka");
    set("client.id", "a b");
    CHECK(value_of(conf.get(), "client.id") == "a b");
    CHECK(value_of(conf.get(), "sasl.password") == "");
    CHECK(value_of(conf.get(), "no.such.key") == "");
  }

  TEST_CASE_FIXTURE(configured,
                    "the mask hides passwords, even if they have only lower-case letters") {
    set("sasl.password", "hunter");
    set("ssl.key.password", "Tiger7");
    CHECK(masked("tried hunter and Tiger7") == "tried *** and ***");
  }

  TEST_CASE_FIXTURE(configured,
                    "the mask hides the values of the pairs in sasl.oauthbearer.config") {
    set("sasl.oauthbearer.config", "principal=alice clientSecret=S3cr3t");
    CHECK(masked("got S3cr3t") == "got ***");
  }

  TEST_CASE_FIXTURE(configured, "the mask hides a user name, unless it is a plain word") {
    set("sasl.username", "Alice7");
    CHECK(masked("user Alice7") == "user ***");
    set("sasl.username", "alice");
    CHECK(masked("user alice") == "user alice");
  }

  TEST_CASE_FIXTURE(
    configured, "the mask shows a SASL mechanism, and hides any other value of sasl.mechanisms") {
    set("sasl.mechanisms", "SCRAM-SHA-512");
    CHECK(masked("no SCRAM-SHA-512") == "no SCRAM-SHA-512");
    set("sasl.mechanisms", "hunter2");
    CHECK(masked("no hunter2") == "no ***");
    set("sasl.mechanisms", "A-MECHANISM-OF-21-LTR");
    CHECK(masked("no A-MECHANISM-OF-21-LTR") == "no ***");
  }

  TEST_CASE_FIXTURE(configured, "the mask changes no text if the configuration has no secrets") {
    const std::string text = "rdkafka GSSAPI plaintext kafka 60000";
    CHECK(masked(text) == text);
  }
}
