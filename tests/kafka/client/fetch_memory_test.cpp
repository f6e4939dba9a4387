#include <ottla/kafka/client/fetch_memory.hpp>

#include <doctest/doctest.h>

using ottla::kafka::plan_fetch_memory;

TEST_SUITE("fetch_memory") {
  constexpr std::size_t mib = 1024 * 1024;

  TEST_CASE("all partitions can be held up at the same time within two fifths of the memory") {
    for (const std::size_t memory : {64 * mib, 256 * mib, 1024 * mib})
      for (const std::size_t partitions : {1, 8, 64, 128}) {
        CAPTURE(memory / mib);
        CAPTURE(partitions);
        CHECK(plan_fetch_memory(memory, partitions).reserve_bytes() * partitions <= memory / 5 * 2);
      }
  }

  TEST_CASE("a batch of the largest usual size does not fill a queue, up to 64 partitions") {
    constexpr std::size_t usual_batch = 1'000'000;
    for (const std::size_t partitions : {1, 8, 64})
      CHECK(plan_fetch_memory(256 * mib, partitions).queue_bytes > usual_batch);
  }

  TEST_CASE("one part of an answer does not fill a queue") {
    for (const std::size_t partitions : {1, 8, 64, 128, 256, 512, 1'000, 100'000}) {
      const auto plan = plan_fetch_memory(256 * mib, partitions);
      CAPTURE(partitions);
      CHECK(plan.queue_bytes > plan.part_bytes);
    }
  }

  TEST_CASE("an answer brings parts of several partitions") {
    for (const std::size_t partitions : {1, 8, 64, 512}) {
      const auto plan = plan_fetch_memory(256 * mib, partitions);
      CHECK(plan.answer_bytes >= 8 * plan.part_bytes);
    }
  }

  TEST_CASE("what is shared leaves room for a full queue and an answer") {
    for (const std::size_t partitions : {1, 8, 64, 512}) {
      const auto plan = plan_fetch_memory(256 * mib, partitions);
      CHECK(plan.shared_bytes + plan.queue_bytes + plan.answer_bytes <= 256 * mib / 5 * 2);
    }
  }

  TEST_CASE("however many partitions there are, something is fetched for each") {
    const auto plan = plan_fetch_memory(mib, 100'000);
    CHECK(plan.queue_bytes == 72 * 1024);
    CHECK(plan.part_bytes == 64 * 1024);
    CHECK(plan_fetch_memory(0, 0).queue_bytes == 72 * 1024);
  }
}
