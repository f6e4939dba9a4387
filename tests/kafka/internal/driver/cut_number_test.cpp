#include <ottla/kafka/internal/driver/librdkafka/cut_number.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace ottla::kafka;

namespace {

/// Sets the key in a new configuration, and returns was_cut() for this value.
bool is_cut(const std::string& key, const std::string& value) {
  const owned_conf conf{rd_kafka_conf_new()};
  REQUIRE(rd_kafka_conf_set(conf.get(), key.c_str(), value.c_str(), nullptr, 0)
          == RD_KAFKA_CONF_OK);
  return was_cut(conf.get(), key, value);
}

} // namespace

TEST_SUITE("cut_number") {
  TEST_CASE("a number that fits into 32 bits is not cut, however it is written") {
    for (const auto* value : {"1000", "0x3e8", "01750"})
      CHECK_FALSE(is_cut("socket.timeout.ms", value));
  }

  TEST_CASE("a number is cut if librdkafka keeps only its lower 32 bits") {
    // 2^32 + 1000, of which librdkafka keeps 1000.
    for (const auto* value : {"4294968296", "0x1000003e8"})
      CHECK(is_cut("socket.timeout.ms", value));
  }

  TEST_CASE("the value of a text or boolean key never counts as a truncated number") {
    CHECK_FALSE(is_cut("client.id", "4294968296x"));
    CHECK_FALSE(is_cut("client.id", ""));
    CHECK_FALSE(is_cut("enable.auto.commit", "true"));
  }

  TEST_CASE("a number of a key that librdkafka does not know does not count as cut") {
    const owned_conf conf{rd_kafka_conf_new()};
    CHECK_FALSE(was_cut(conf.get(), "no.such.key", "4294968296"));
  }
}
