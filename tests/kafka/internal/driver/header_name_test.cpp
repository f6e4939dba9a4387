#include <ottla/kafka/internal/driver/librdkafka/header_name.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owned.hpp>

#include <doctest/doctest.h>

#include <string>
#include <sys/types.h>

using namespace ottla::kafka;

namespace {

using owned_headers = owned<rd_kafka_headers_t, rd_kafka_headers_destroy>;

/// Returns the name as header_name() reads it from librdkafka.
std::string round_trip(const std::string& name, const char* value, std::size_t size) {
  const owned_headers headers{rd_kafka_headers_new(1)};
  rd_kafka_header_add(headers.get(), name.data(), static_cast<ssize_t>(name.size()), value,
                      static_cast<ssize_t>(size));
  const char* stored = nullptr;
  const void* ignored = nullptr;
  std::size_t ignored_size = 0;
  REQUIRE(rd_kafka_header_get_all(headers.get(), 0, &stored, &ignored, &ignored_size)
          == RD_KAFKA_RESP_ERR_NO_ERROR);
  return std::string{header_name(stored)};
}

} // namespace

TEST_SUITE("header_name") {
  TEST_CASE("header_name() returns the whole name, whatever its length and its bytes") {
    for (const auto& name :
         {std::string{"trace"}, std::string{}, std::string{"\0", 1}, std::string{"a\0b\0", 4},
          std::string(1'000, 'x'), std::string{"é\xff"}})
      CHECK(round_trip(name, "value", 5) == name);
  }

  TEST_CASE("the name of a header does not depend on its value") {
    const std::string name{"a\0b", 3};
    CHECK(round_trip(name, nullptr, 0) == name);
    CHECK(round_trip(name, "", 0) == name);
    const std::string large(100'000, 'v');
    CHECK(round_trip(name, large.data(), large.size()) == name);
  }
}
