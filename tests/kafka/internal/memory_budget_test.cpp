#include <ottla/kafka/internal/memory_budget.hpp>

#include <doctest/doctest.h>

#include <optional>

using namespace ottla::kafka;

TEST_SUITE("memory_budget") {
  constexpr std::size_t mib = 1024 * 1024;

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
}
