#include <ottla/kafka/group/offset_tracker.hpp>

#include "support/seed.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>

using ottla::kafka::offset_tracker;

TEST_SUITE("offset_tracker") {
  TEST_CASE("in order, the front follows") {
    offset_tracker done{5};
    CHECK(done.front() == 5);
    CHECK(done.finish(5, 8));
    CHECK(done.front() == 8);
    CHECK(done.finish(8, 9));
    CHECK(done.front() == 9);
    CHECK(done.waiting() == 0);
  }

  TEST_CASE("a gap holds back what is behind it, filling it releases all at once") {
    offset_tracker done{0};
    CHECK_FALSE(done.finish(2, 4));
    CHECK_FALSE(done.finish(6, 8));
    CHECK(done.front() == 0);
    CHECK(done.waiting() == 2);
    CHECK_FALSE(done.finish(4, 6));
    CHECK(done.waiting() == 1);
    CHECK(done.finish(0, 2));
    CHECK(done.front() == 8);
    CHECK(done.waiting() == 0);
  }

  TEST_CASE("what is done already, an empty range and a reversed one change nothing") {
    offset_tracker done{10};
    CHECK_FALSE(done.finish(3, 10));
    CHECK_FALSE(done.finish(10, 10));
    CHECK_FALSE(done.finish(12, 11));
    CHECK_FALSE(done.finish(12, 14));
    CHECK_FALSE(done.finish(12, 14));
    CHECK_FALSE(done.finish(13, 13));
    CHECK(done.front() == 10);
    CHECK(done.waiting() == 1);
  }

  TEST_CASE("a range that overlaps the front moves it by the rest") {
    offset_tracker done{10};
    CHECK(done.finish(4, 13));
    CHECK(done.front() == 13);
  }

  TEST_CASE("in any order, with overlaps, it agrees with a set of offsets") {
    const auto seed = ottla::test::seed();
    CAPTURE(seed);
    std::mt19937 random{seed};
    const auto pick = [&](int from, int to) {
      return std::uniform_int_distribution<int>{from, to}(random);
    };
    for (int round = 0; round < 300; ++round) {
      const std::int64_t beginning = pick(0, 50);
      offset_tracker done{beginning};
      std::set<std::int64_t> model;
      auto front = beginning;
      const auto widest = pick(1, 12);
      for (int step = 0; step < 60; ++step) {
        const std::int64_t first = beginning + pick(-5, 60);
        const auto next = first + pick(0, widest);
        for (auto offset = first; offset < next; ++offset)
          model.insert(offset);
        const auto before = front;
        while (model.contains(front))
          ++front;
        REQUIRE(done.finish(first, next) == (front != before));
        REQUIRE(done.front() == front);
        std::size_t ranges = 0;
        for (const auto offset : model)
          ranges += offset > front && !model.contains(offset - 1);
        REQUIRE(done.waiting() == ranges);
      }
    }
  }
}
