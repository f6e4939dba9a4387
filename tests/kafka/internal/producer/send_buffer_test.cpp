#include <ottla/kafka/internal/producer/send_buffer.hpp>

#include <doctest/doctest.h>

#include <thread>
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

  TEST_CASE("take() fails if too few bytes are free, and released room can be taken again") {
    const auto buffer = std::make_shared<send_buffer>(10);
    const auto first = buffer->take(6);
    CHECK(first != nullptr);
    CHECK(buffer->take(5) == nullptr);
    auto second = buffer->take(4);
    CHECK(second != nullptr);
    CHECK(buffer->used() == 10);
    second.reset();
    CHECK(buffer->used() == 6);
    CHECK(buffer->take(11) == nullptr);
    CHECK(buffer->take(std::size_t(-1)) == nullptr);
  }

  TEST_CASE("concurrent threads never exceed the limit of the buffer, and release all room") {
    const auto buffer = std::make_shared<send_buffer>(100);
    std::vector<std::thread> threads;
    std::atomic<bool> exceeded = false;
    for (int each = 0; each < 4; ++each)
      threads.emplace_back([&] {
        for (int i = 0; i < 20'000; ++i) {
          const auto room = buffer->take(40);
          if (buffer->used() > 100)
            exceeded = true;
        }
      });
    for (auto& each : threads)
      each.join();
    CHECK_FALSE(exceeded);
    CHECK(buffer->used() == 0);
  }
}
