#include <ottla/kafka/internal/producer/murmur2_hash.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

using namespace ottla::kafka;

TEST_SUITE("murmur2_hash") {
  TEST_CASE("the hash equals the values of Java's Utils.murmur2") {
    const auto as_in_java
      = [](std::string_view bytes) { return static_cast<std::int32_t>(murmur2_hash(bytes)); };
    // org.apache.kafka.common.utils.UtilsTest.
    CHECK(as_in_java("21") == -973932308);
    CHECK(as_in_java("foobar") == -790332482);
    CHECK(as_in_java("a-little-bit-long-string") == -985981536);
    CHECK(as_in_java("a-little-bit-longer-string") == -1486304829);
    CHECK(as_in_java("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8") == -58897971);
    CHECK(as_in_java("abc") == 479470107);
    CHECK(as_in_java("") == 275646681);
  }

  TEST_CASE("bytes above 127 count as unsigned, wherever they stand") {
    // One value for each length of the last word.
    CHECK(murmur2_hash("\xff\xfe\xfd\xfc") == 0x7f530fafU);
    CHECK(murmur2_hash("\xff") == 0xed6f615bU);
    CHECK(murmur2_hash("\xff\xfe") == 0x6660fe8bU);
    CHECK(murmur2_hash("\xff\xfe\xfd") == 0x3b85fe24U);
  }
}
