#include <ottla/kafka/internal/partition/memory_share.hpp>

#include <doctest/doctest.h>

using namespace ottla::kafka;

namespace {

constexpr std::size_t mib = 1024 * 1024;

memory_share eighth_of(std::size_t memory) {
  const auto plan = plan_fetch_memory(make_memory_budget(memory), 8);
  return {.bytes = memory / 8, .fetching = plan, .lent_bytes = plan.shared_bytes / 8};
}

} // namespace

TEST_SUITE("memory_share") {
  TEST_CASE("the window has what is left where messages are large, and no more than half") {
    const fetch_memory nothing{
      .queue_bytes = 0, .part_bytes = 0, .answer_bytes = 0, .shared_bytes = 0};
    CHECK(memory_share{.bytes = 1'000, .fetching = nothing}.window(300) == 500);
    CHECK(eighth_of(256 * mib).window(100'000) > 11 * mib);
  }

  TEST_CASE("the window gives way to what the driver keeps beside small messages") {
    const auto share = eighth_of(256 * mib);
    for (const std::size_t size : {100, 200, 256, 300, 500, 1'000, 10'000, 100'000}) {
      CAPTURE(size);
      const auto bytes_each = size + bytes_beside_message;
      CHECK(share.prefetched(bytes_each) + share.window(bytes_each) <= share.bytes);
    }
    CHECK(share.window(1'280) / mib == 14);
  }

  TEST_CASE("the window keeps a sixteenth, however small messages are") {
    for (const std::size_t size : {1, 10})
      CHECK(eighth_of(256 * mib).window(size + bytes_beside_message) == 2 * mib);
  }
}
