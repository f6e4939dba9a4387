#include <ottla/kafka/client/librdkafka/refusal.hpp>

#include <doctest/doctest.h>

using namespace ottla::kafka;

TEST_SUITE("refusal") {
  TEST_CASE("a harmless value is quoted with its key") {
    CHECK(refusal_of_value("acks", "7", "out of range")
          == "\"acks\" cannot be \"7\": out of range");
    CHECK(refusal_of_value("debug", "broker,topics", "no")
          == "\"debug\" cannot be \"broker,topics\": no");
  }

  TEST_CASE("a harmless key's value is not quoted if it does not look like a word or a number") {
    const std::string key = "-----BEGIN PRIVATE KEY-----\nMIIEhunter2\n-----END PRIVATE KEY-----\n";
    const std::string jaas = "PlainLoginModule required username=\"u\" password=\"hunter2\";";
    for (const auto& value : {key, jaas, std::string(500, 'a')})
      for (const auto* name : {"acks", "sasl.mechanism", "security.protocol", "partitioner"}) {
        CAPTURE(value);
        CHECK(refusal_of_value(name, value, "no")
              == "\"" + std::string{name} + "\" cannot be what it is set to ("
                   + std::to_string(value.size()) + " bytes, not shown): no");
        CHECK(refusal_of_value(name, value, "bad: " + value)
                .ends_with(": the client refuses the "
                           "value"));
        CHECK(refusal_of_value(name, value, "bad: " + value.substr(1, 200))
                .ends_with(": the client refuses the value"));
      }
  }

  TEST_CASE("a value that may be a secret is not quoted, nor a reason that quotes that value") {
    CHECK(refusal_of_value("sasl.password", "hunter2", "it holds a NUL")
          == "\"sasl.password\" cannot be what it is set to: it holds a NUL");
    CHECK(refusal_of_value("ssl.key.pem", "hunter2", "bad value hunter2")
          == "\"ssl.key.pem\" cannot be what it is set to: the client refuses the value");
    CHECK(refusal_of_value("ssl.key.location", "hunter2", "no such file: hunter2")
          == "\"ssl.key.location\" cannot be what it is set to: the client refuses the value");
    CHECK(refusal_of_value("plugin.library.paths", "a;hunter2;b", "dlopen(): hunter2.so: no file")
          == "\"plugin.library.paths\" cannot be what it is set to: the client refuses the value");
    CHECK(refusal_of_value("sasl.password", "", "empty")
          == "\"sasl.password\" cannot be what it is set to: empty");
  }

  TEST_CASE("an unknown key is quoted, its value never") {
    CHECK(refusal_of_key("no.such.key", "hunter2") == "\"no.such.key\" is no key of librdkafka's");
    CHECK(refusal_of_key("sasl.jaas.config", "hunter2")
          == "\"sasl.jaas.config\" is no key of librdkafka's");
  }

  TEST_CASE("a misspelt key is told together with the right one") {
    CHECK(refusal_of_key("sasl.pasword", "hunter2")
          == "\"sasl.pasword\" is no key of librdkafka's; \"sasl.password\" is");
    CHECK(refusal_of_key("SASL.PASSWORD", "hunter2")
          == "\"SASL.PASSWORD\" is no key of librdkafka's; \"sasl.password\" is");
  }

  TEST_CASE("a key that is similar to no known one, and not like any, is not quoted") {
    CHECK(refusal_of_key("hunter2", "x")
          == "extra has a key of 7 characters that librdkafka does not know");
    CHECK(refusal_of_key("hunter2", "ssl.truststore.password").find("hunter2")
          == std::string::npos);
  }

  TEST_CASE("key and value may be swapped, and then the key is the secret") {
    constexpr auto swapped = "extra has a key that librdkafka does not know, with the value "
                             "\"sasl.password\": are key and value swapped?";
    CHECK(refusal_of_key("hunter2", "sasl.password") == swapped);
    CHECK(refusal_of_key("hunter2", "SASL.PASSWORD") == swapped);
    CHECK(refusal_of_key("hunter2", "sasl.pasword") == swapped);
    CHECK(refusal_of_key("my.password.is.hunter2", "sasl.password") == swapped);
  }
}
