#include <ottla/kafka/internal/partition/out_of_order_acks.hpp>

#include "support/seed.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

using ottla::kafka::out_of_order_acks;

TEST_SUITE("out_of_order_acks") {
  TEST_CASE("completing ranges in order advances the front") {
    out_of_order_acks done{5};
    CHECK(done.front() == 5);
    CHECK(done.finish(5, 8));
    CHECK(done.front() == 8);
    CHECK(done.finish(8, 9));
    CHECK(done.front() == 9);
    CHECK(done.waiting() == 0);
  }

  TEST_CASE("a gap stops the front, and closing the gap advances the front past all later offsets "
            "that are done") {
    out_of_order_acks done{0};
    CHECK_FALSE(done.finish(2, 4));
    CHECK_FALSE(done.finish(6, 8));
    CHECK(done.front() == 0);
    CHECK(done.waiting() == 4);
    CHECK_FALSE(done.finish(4, 6));
    CHECK(done.waiting() == 6);
    CHECK(done.finish(0, 2));
    CHECK(done.front() == 8);
    CHECK(done.waiting() == 0);
  }

  TEST_CASE("an empty range, a reversed range and offsets that are done already change nothing") {
    out_of_order_acks done{10};
    CHECK_FALSE(done.finish(3, 10));
    CHECK_FALSE(done.finish(10, 10));
    CHECK_FALSE(done.finish(12, 11));
    CHECK_FALSE(done.finish(12, 14));
    CHECK_FALSE(done.finish(12, 14));
    CHECK_FALSE(done.finish(13, 13));
    CHECK(done.front() == 10);
    CHECK(done.waiting() == 2);
  }

  TEST_CASE("a range that overlaps the front advances the front to the end of the range") {
    out_of_order_acks done{10};
    CHECK(done.finish(4, 13));
    CHECK(done.front() == 13);
  }

  TEST_CASE("a range may contain a log gap of any width") {
    constexpr std::int64_t far = std::int64_t{1} << 60;
    out_of_order_acks done{0};
    CHECK_FALSE(done.finish(3, far));
    CHECK(done.waiting() == static_cast<std::size_t>(far - 3));
    CHECK_FALSE(done.finish(far, far + 2));
    CHECK(done.finish(0, 3));
    CHECK(done.front() == far + 2);
    CHECK(done.waiting() == 0);
  }

  TEST_CASE("a million offsets advance the front only once if the first offset is done last") {
    std::vector<std::int64_t> order(1'000'000);
    std::iota(order.begin(), order.end(), 7);
    std::shuffle(order.begin(), order.end() - 1, std::mt19937{1});
    // The first offset is finished last.
    std::iter_swap(std::ranges::find(order, 7), order.end() - 1);
    out_of_order_acks done{7};
    std::size_t moved = 0;
    for (const auto offset : order)
      moved += done.finish(offset, offset + 1);
    CHECK(moved == 1);
    CHECK(done.front() == 1'000'007);
    CHECK(done.waiting() == 0);
  }

  TEST_CASE("out_of_order_acks agrees with a set of offsets for overlapping ranges in any order") {
    const auto seed = ottla::test::seed();
    CAPTURE(seed);
    std::mt19937 random{seed};
    const auto pick = [&](std::int64_t from, std::int64_t to) {
      return std::uniform_int_distribution<std::int64_t>{from, to}(random);
    };
    // Ranges close to one another, and ranges across pages of 4,096 offsets.
    for (const auto& [rounds, span, longest] : {std::array{300, 60, 12}, {40, 30'000, 9'000}})
      for (int round = 0; round < rounds; ++round) {
        const auto beginning = pick(0, span);
        out_of_order_acks done{beginning};
        std::vector<bool> model(static_cast<std::size_t>(3 * span + longest));
        auto front = beginning;
        const auto widest = pick(1, longest);
        for (int step = 0; step < 60; ++step) {
          const auto first = std::max<std::int64_t>(0, beginning + pick(-5, span));
          const auto next = first + pick(0, widest);
          std::fill(model.begin() + first, model.begin() + next, true);
          const auto before = front;
          while (model[static_cast<std::size_t>(front)])
            ++front;
          REQUIRE(done.finish(first, next) == (front != before));
          REQUIRE(done.front() == front);
          REQUIRE(done.waiting() == std::count(model.begin() + front, model.end(), true));
        }
      }
  }
}
