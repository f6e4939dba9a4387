#include <ottla/kafka/internal/driver/fetch_memory.hpp>

#include <doctest/doctest.h>

using namespace ottla::kafka;

namespace {

constexpr fetch_memory plan_fixed(std::size_t bytes, std::size_t partitions) {
  return plan_fetch_memory(make_memory_budget(bytes), partitions);
}

} // namespace

TEST_SUITE("fetch_memory") {
  constexpr std::size_t mib = 1024 * 1024;

  TEST_CASE("all partitions can be held up at the same time within two fifths of the memory") {
    for (const std::size_t memory : {64 * mib, 256 * mib, 1024 * mib})
      for (const std::size_t partitions : {1, 8, 64, 128}) {
        CAPTURE(memory / mib);
        CAPTURE(partitions);
        CHECK(plan_fixed(memory, partitions).reserve_bytes() * partitions <= memory / 5 * 2);
      }
  }

  TEST_CASE("a batch of the largest usual size does not fill a queue, up to 64 partitions") {
    constexpr std::size_t usual_batch = 1'000'000;
    for (const std::size_t partitions : {1, 8, 64})
      CHECK(plan_fixed(256 * mib, partitions).queue_bytes > usual_batch);
  }

  TEST_CASE("one part of an answer does not fill a queue") {
    for (const std::size_t partitions : {1, 8, 64, 128, 256, 512, 1'000, 100'000}) {
      const auto plan = plan_fixed(256 * mib, partitions);
      CAPTURE(partitions);
      CHECK(plan.queue_bytes > plan.part_bytes);
    }
  }

  TEST_CASE("by default an answer brings as much of each of 256 partitions as of each of 64") {
    const auto few = plan_fetch_memory({}, 64);
    const auto many = plan_fetch_memory({}, 256);
    CHECK(many.part_bytes == few.part_bytes);
    CHECK(many.queue_bytes == few.queue_bytes);
    CHECK(plan_fixed(256 * mib, 256).part_bytes < few.part_bytes / 4);
  }

  TEST_CASE("a member that is assigned few of many partitions keeps to the budget of few") {
    for (const std::size_t planned : {512, 5'000}) {
      const auto plan = plan_fetch_memory({}, planned);
      for (const std::size_t assigned : {1, 8, 51, 64, 65, 100, 512}) {
        CAPTURE(planned);
        CAPTURE(assigned);
        const auto all = memory_budget{}.of(assigned) / 5 * 2;
        CHECK(plan.shared_by(assigned) + plan.queue_bytes + plan.answer_bytes <= all);
        CHECK(plan.reserve_bytes() * assigned <= all);
      }
    }
    const auto most = memory_budget{}.most / 5 * 2;
    CHECK(plan_fetch_memory({}, 256).shared_by(256) > most / 2);
    CHECK(plan_fetch_memory({}, 5'000).shared_by(5'000) <= most);
  }

  TEST_CASE("a fixed budget does not grow with the partitions") {
    const auto plan = plan_fixed(64 * mib, 512);
    CHECK(plan.shared_by(512) == plan.shared_by(1));
  }

  TEST_CASE("an answer brings parts of several partitions") {
    for (const std::size_t partitions : {1, 8, 64, 512}) {
      const auto plan = plan_fixed(256 * mib, partitions);
      CHECK(plan.answer_bytes >= 8 * plan.part_bytes);
    }
  }

  TEST_CASE("what is shared leaves room for a full queue and an answer") {
    for (const std::size_t partitions : {1, 8, 64, 512}) {
      const auto plan = plan_fixed(256 * mib, partitions);
      CHECK(plan.shared_bytes + plan.queue_bytes + plan.answer_bytes <= 256 * mib / 5 * 2);
    }
  }

  TEST_CASE("however many partitions there are, something is fetched for each") {
    const auto plan = plan_fixed(mib, 100'000);
    CHECK(plan.queue_bytes == 72 * 1024);
    CHECK(plan.part_bytes == 64 * 1024);
    CHECK(plan_fixed(0, 0).queue_bytes == 72 * 1024);
  }
}
