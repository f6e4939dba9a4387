#include <ottla/kafka/internal/memory_budget.hpp>

#include <doctest/doctest.h>

#include <optional>

using namespace ottla::kafka;

namespace {

constexpr std::size_t kib = 1024;
constexpr std::size_t mib = 1024 * kib;

constexpr fetch_memory plan_fixed(std::size_t bytes, std::size_t partitions) {
  return make_memory_budget(bytes).fetching(partitions);
}

constexpr memory_share eighth_of(std::size_t bytes) {
  return make_memory_budget(bytes).share(8, 8);
}

} // namespace

TEST_SUITE("memory_budget") {
  TEST_CASE(
    "the default budget is 256 MiB up to 32 partitions, then 8 MiB per partition, at most 2 GiB") {
    const auto budget = make_memory_budget(std::nullopt);
    CHECK(budget.of(0) == 256 * mib);
    CHECK(budget.of(32) == 256 * mib);
    CHECK(budget.of(33) == 264 * mib);
    CHECK(budget.of(256) == 2048 * mib);
    CHECK(budget.of(10'000) == 2048 * mib);
  }

  TEST_CASE("a fixed budget is the same for any number of partitions") {
    const auto budget = make_memory_budget(8 * mib);
    CHECK(budget.of(1) == 8 * mib);
    CHECK(budget.of(512) == 8 * mib);
    CHECK(make_memory_budget(4096 * mib).of(512) == 4096 * mib);
  }

  TEST_CASE("the reserves of all partitions together fit into two fifths of the memory") {
    for (const std::size_t memory : {64 * mib, 256 * mib, 1024 * mib})
      for (const std::size_t partitions : {1, 8, 64, 128}) {
        CAPTURE(memory / mib);
        CAPTURE(partitions);
        CHECK(plan_fixed(memory, partitions).reserve_bytes() * partitions <= memory / 5 * 2);
      }
  }

  TEST_CASE(
    "a batch of 1 MB does not fill a partition's queue if the plan is for at most 64 partitions") {
    constexpr std::size_t largest_usual_batch = 1'000'000;
    for (const std::size_t partitions : {1, 8, 64})
      CHECK(plan_fixed(256 * mib, partitions).queue_bytes > largest_usual_batch);
  }

  TEST_CASE("one partition's part of a response does not fill a queue") {
    for (const std::size_t partitions : {1, 8, 64, 128, 256, 512, 1'000, 100'000}) {
      const auto plan = plan_fixed(256 * mib, partitions);
      CAPTURE(partitions);
      CHECK(plan.queue_bytes > plan.part_bytes);
    }
  }

  TEST_CASE(
    "by default, a partition's part of a response is the same with 64 and with 256 partitions") {
    const auto few = memory_budget{}.fetching(64);
    const auto many = memory_budget{}.fetching(256);
    CHECK(many.part_bytes == few.part_bytes);
    CHECK(many.queue_bytes == few.queue_bytes);
    CHECK(plan_fixed(256 * mib, 256).part_bytes < few.part_bytes / 4);
  }

  TEST_CASE(
    "a member that plans for many partitions stays within the budget of its assigned partitions") {
    for (const std::size_t planned : {512, 5'000}) {
      const auto plan = memory_budget{}.fetching(planned);
      for (const std::size_t assigned : {1, 8, 51, 64, 65, 100, 512}) {
        CAPTURE(planned);
        CAPTURE(assigned);
        const auto all = memory_budget{}.of(assigned) / 5 * 2;
        CHECK(plan.shared_by(assigned) + plan.queue_bytes + plan.answer_bytes <= all);
        CHECK(plan.reserve_bytes() * assigned <= all);
      }
    }
    const auto most = memory_budget{}.most / 5 * 2;
    CHECK(memory_budget{}.fetching(256).shared_by(256) > most / 2);
    CHECK(memory_budget{}.fetching(5'000).shared_by(5'000) <= most);
  }

  TEST_CASE("with a fixed budget the limit on fetched messages does not grow with the partitions") {
    const auto plan = plan_fixed(64 * mib, 512);
    CHECK(plan.shared_by(512) == plan.shared_by(1));
  }

  TEST_CASE("a response has room for part_bytes of each of eight partitions") {
    for (const std::size_t partitions : {1, 8, 64, 512}) {
      const auto plan = plan_fixed(256 * mib, partitions);
      CHECK(plan.answer_bytes >= 8 * plan.part_bytes);
    }
  }

  TEST_CASE("the shared limit leaves room for a full queue and a response") {
    for (const std::size_t partitions : {1, 8, 64, 512}) {
      const auto plan = plan_fixed(256 * mib, partitions);
      CHECK(plan.shared_bytes + plan.queue_bytes + plan.answer_bytes <= 256 * mib / 5 * 2);
    }
  }

  TEST_CASE("each partition may fetch at least 64 KiB for any budget and number of partitions") {
    const auto plan = plan_fixed(mib, 100'000);
    CHECK(plan.queue_bytes == 72 * kib);
    CHECK(plan.part_bytes == 64 * kib);
    CHECK(plan_fixed(0, 0).queue_bytes == 72 * kib);
  }

  TEST_CASE("a share of the budget is at least 128 KiB for any number of partitions") {
    CHECK(make_memory_budget(256 * mib).share(8, 8).bytes == 32 * mib);
    CHECK(make_memory_budget(mib).share(100'000, 8).bytes == 128 * kib);
  }

  TEST_CASE(
    "the window is at most half of the share, and at least a third for messages of 100 kB") {
    const fetch_memory nothing{
      .queue_bytes = 0, .part_bytes = 0, .answer_bytes = 0, .shared_bytes = 0};
    CHECK(memory_share{.bytes = 1'000, .fetching = nothing}.window(300) == 500);
    CHECK(eighth_of(256 * mib).window(100'000) > 11 * mib);
  }

  TEST_CASE("window and fetched messages of any size fit into the share together") {
    const auto share = eighth_of(256 * mib);
    for (const std::size_t size : {100, 200, 256, 300, 500, 1'000, 10'000, 100'000}) {
      CAPTURE(size);
      const auto bytes_each = size + bytes_beside_message;
      CHECK(share.prefetched(bytes_each) + share.window(bytes_each) <= share.bytes);
    }
    CHECK(share.window(1'280) / mib == 14);
  }

  TEST_CASE("the window is a sixteenth of the share for messages of a few bytes") {
    for (const std::size_t size : {1, 10})
      CHECK(eighth_of(256 * mib).window(size + bytes_beside_message) == 2 * mib);
  }
}
