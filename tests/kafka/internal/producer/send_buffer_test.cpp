#include <ottla/kafka/internal/producer/send_buffer.hpp>

#include <doctest/doctest.h>

#include <vector>

using ottla::kafka::record;
using ottla::kafka::send_buffer;

TEST_SUITE("send_buffer") {
  TEST_CASE("bytes_of counts the key, value, headers and overhead of each record") {
    const std::vector<record> one{
      {.key = "key", .value = "value", .headers = {{"name", "12"}, {"null", std::nullopt}}}};
    const auto header = sizeof(one[0].headers[0]);
    CHECK(send_buffer::bytes_of(one)
          == send_buffer::overhead_of_record + 3 + 5 + 4 + 2 + 4 + 2 * header);
    CHECK(send_buffer::bytes_of(std::vector<record>(3)) == 3 * send_buffer::overhead_of_record);
  }

  TEST_CASE("the buffer has no room beyond its limit, and returned room can be taken again") {
    send_buffer buffer{10};
    REQUIRE(buffer.has_room(6));
    buffer.take(6);
    CHECK_FALSE(buffer.has_room(5));
    REQUIRE(buffer.has_room(4));
    buffer.take(4);
    CHECK(buffer.used() == 10);
    buffer.give_back(4);
    CHECK(buffer.used() == 6);
    CHECK_FALSE(buffer.has_room(11));
    CHECK_FALSE(buffer.has_room(std::size_t(-1)));
  }
}
