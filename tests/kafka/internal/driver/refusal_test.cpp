#include <ottla/kafka/internal/driver/librdkafka/refusal.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace ottla::kafka;

TEST_SUITE("refusal") {
  TEST_CASE("a harmless value is quoted with its key") {
    CHECK(refusal_of_value("acks", "7", "out of range")
          == "\"acks\" cannot be \"7\": out of range");
    CHECK(refusal_of_value("debug", "broker,topics", "no")
          == "\"debug\" cannot be \"broker,topics\": no");
  }

  TEST_CASE("a harmless key's value is quoted only if it looks like a word or a number") {
    const std::string key = "-----BEGIN PRIVATE KEY-----\nMIIEhunter2\n-----END PRIVATE KEY-----\n";
    const std::string jaas = "PlainLoginModule required username=\"u\" password=\"hunter2\";";
    for (const auto& value : {key, jaas, std::string(500, 'a')})
      for (const auto* name : {"acks", "sasl.mechanism", "security.protocol", "partitioner"}) {
        CAPTURE(value);
        CHECK(refusal_of_value(name, value, "no")
              == "\"" + std::string{name} + "\" has an invalid value ("
                   + std::to_string(value.size()) + " bytes, not shown): no");
        CHECK(refusal_of_value(name, value, "bad: " + value)
                .ends_with(": librdkafka rejects the value"));
        CHECK(refusal_of_value(name, value, "bad: " + value.substr(1, 200))
                .ends_with(": librdkafka rejects the value"));
      }
  }

  TEST_CASE(
    "a value that may be a secret is not quoted, and neither is a reason that contains it") {
    CHECK(refusal_of_value("sasl.password", "hunter2", "the value contains a NUL")
          == "\"sasl.password\" has an invalid value: the value contains a NUL");
    CHECK(refusal_of_value("ssl.key.pem", "hunter2", "bad value hunter2")
          == "\"ssl.key.pem\" has an invalid value: librdkafka rejects the value");
    CHECK(refusal_of_value("ssl.key.location", "hunter2", "no such file: hunter2")
          == "\"ssl.key.location\" has an invalid value: librdkafka rejects the value");
    CHECK(refusal_of_value("plugin.library.paths", "a;hunter2;b", "dlopen(): hunter2.so: no file")
          == "\"plugin.library.paths\" has an invalid value: librdkafka rejects the value");
    CHECK(refusal_of_value("sasl.password", "", "empty")
          == "\"sasl.password\" has an invalid value: empty");
  }

  TEST_CASE("an unknown key made of words of keys is quoted without its value") {
    CHECK(refusal_of_key("client.timeout.ms", "hunter2")
          == "\"client.timeout.ms\" is not a librdkafka key");
    CHECK(refusal_of_key("sasl.jaas.config", "hunter2")
          == "\"sasl.jaas.config\" is not a librdkafka key");
  }

  TEST_CASE("a misspelt key is reported together with the correct key") {
    CHECK(refusal_of_key("sasl.pasword", "hunter2")
          == "\"sasl.pasword\" is not a librdkafka key; a similar key is \"sasl.password\"");
    CHECK(refusal_of_key("SASL.PASSWORD", "hunter2")
          == "\"SASL.PASSWORD\" is not a librdkafka key; a similar key is \"sasl.password\"");
    CHECK(
      refusal_of_key("bootstrap.server", "a:1")
      == "\"bootstrap.server\" is not a librdkafka key; a similar key is \"bootstrap.servers\"");
    CHECK(refusal_of_key("queued.max.message.kbytes", "1")
          == "\"queued.max.message.kbytes\" is not a librdkafka key; a similar key is "
             "\"queued.max.messages.kbytes\"");
    CHECK(refusal_of_key("log.level", "7")
          == "\"log.level\" is not a librdkafka key; a similar key is \"log_level\"");
  }

  TEST_CASE("a key with an unknown word is not quoted, because it may be a secret") {
    for (const std::string key :
         {"hunter2", "Super-Secret-2024", "client.Secret_99x", "my_key-Qz81", "api-Version_7Q",
          "Kafka-Sasl-9", "sasl.password.hUnter2Qz9", "no.such.key", "password", "client.s3cret",
          "zebra.secret", "sasl.password=hunter", "a.b", "go.client.zebra"})
      for (const std::string value : {"x", "password", "my.secret", "7"}) {
        CAPTURE(key);
        CAPTURE(value);
        CHECK(refusal_of_key(key, value)
              == "extra has a key of " + std::to_string(key.size())
                   + " characters that librdkafka does not know; the key is not shown because it "
                     "may be a secret");
      }
    const std::string long_key = "client." + std::string(1'000'000, 'd');
    CHECK(refusal_of_key(long_key, "x").find("ddd") == std::string::npos);
  }

  TEST_CASE("the refusal of an unquoted key names a similar known key") {
    CHECK(refusal_of_key("sasl.passw0rd", "x")
          == "extra has a key of 13 characters that librdkafka does not know; the key is not "
             "shown because it may be a secret; a similar key is \"sasl.password\"");
    CHECK(refusal_of_key("acks=", "x").ends_with("; a similar key is \"acks\""));
  }

  TEST_CASE("an unknown key is not quoted if its value names a secret") {
    for (const std::string value : {"password", "Passwd", "my.token", "ssl.truststore.password"}) {
      CAPTURE(value);
      CHECK(refusal_of_key("Client-Secret", value).find("Client") == std::string::npos);
      CHECK(refusal_of_key("hunter2", value).find("hunter2") == std::string::npos);
    }
    CHECK(refusal_of_key("client.secret", "x") == "\"client.secret\" is not a librdkafka key");
  }

  TEST_CASE("a reserved key is quoted only if all its words are known") {
    CHECK(refusal_of_reserved_key("default_topic_conf", "why")
          == "\"default_topic_conf\" must not be in extra: why");
    CHECK(refusal_of_reserved_key("dr_msg_cb", "why") == "\"dr_msg_cb\" must not be in extra: why");
    CHECK(refusal_of_reserved_key("go.events.channel.enable", "why")
          == "\"go.events.channel.enable\" must not be in extra: why");
    for (const std::string key : {"hunter2_cb", "go.hunter2", "dotnet.hunter2.enable"}) {
      CAPTURE(key);
      CHECK(refusal_of_reserved_key(key, "why").find("hunter2") == std::string::npos);
    }
  }

  TEST_CASE("the key of a swapped key and value is not quoted, because the key is the secret") {
    constexpr auto swapped = "extra has a key that librdkafka does not know, and a value like "
                             "\"sasl.password\"; key and value may be swapped";
    CHECK(refusal_of_key("hunter2", "sasl.password") == swapped);
    CHECK(refusal_of_key("hunter2", "SASL.PASSWORD") == swapped);
    CHECK(refusal_of_key("hunter2", "sasl.pasword") == swapped);
    CHECK(refusal_of_key("my.password.is.hunter2", "sasl.password") == swapped);
  }
}
