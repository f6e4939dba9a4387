#include <ottla/kafka/internal/driver/prefetch_limit.hpp>

#include <doctest/doctest.h>

#include <random>
#include <vector>

using ottla::kafka::prefetch_limit;

TEST_SUITE("prefetch_limit") {
  using load = prefetch_limit::load;

  TEST_CASE("one busy partition may fill two thirds of the total") {
    prefetch_limit limit{{.total = 900, .reserve = 0, .least = 10}};
    load busy;
    while (!limit.is_too_much(busy) && busy.bytes < 1'000)
      limit.add(busy, 1);
    CHECK(busy.bytes == 601);
  }

  TEST_CASE("other partitions may borrow the memory that a partition gives back") {
    prefetch_limit limit{{.total = 900, .reserve = 0, .least = 10}};
    load one;
    load other;
    limit.add(one, 600);
    CHECK(limit.allowance() == 600);
    limit.add(other, 300);
    CHECK(limit.allowance() == 10);
    limit.remove(one, 600);
    CHECK(limit.allowance() == 1'200);
  }

  TEST_CASE("a larger total raises the allowance and a smaller total lowers it") {
    prefetch_limit limit{{.total = 900, .reserve = 0, .least = 10}};
    load one;
    limit.add(one, 600);
    limit.set_total(1'000);
    CHECK(limit.allowance() == 800);
    limit.set_total(500);
    CHECK(limit.allowance() == 10);
  }

  TEST_CASE("each partition may hold the least amount even if no memory is left") {
    prefetch_limit limit{{.total = 100, .reserve = 0, .least = 10}};
    load greedy;
    limit.add(greedy, 500);
    CHECK(limit.allowance() == 10);
    load late;
    limit.add(late, 10);
    CHECK_FALSE(limit.is_too_much(late));
    limit.add(late, 1);
    CHECK(limit.is_too_much(late));
  }

  TEST_CASE("a partition that holds messages or is held up reserves memory once") {
    prefetch_limit limit{{.total = 1'000, .reserve = 100, .least = 10}};
    load one;
    CHECK(limit.used() == 0);
    limit.add(one, 50);
    CHECK(limit.used() == 150);
    limit.hold_up(one);
    CHECK(limit.used() == 150);
    limit.remove(one, 50);
    CHECK(limit.used() == 100);
    limit.let_flow(one);
    CHECK(limit.used() == 0);
  }

  TEST_CASE("a partition that was held up resumes when it holds at most half of its allowance") {
    prefetch_limit limit{{.total = 900, .reserve = 0, .least = 10}};
    load one;
    limit.add(one, 601);
    CHECK(limit.is_too_much(one));
    limit.hold_up(one);
    limit.remove(one, 100);
    CHECK_FALSE(limit.is_little(one));
    limit.remove(one, 51);
    CHECK(limit.is_little(one));
  }

  // A partition exceeds its limit by at most one add() before it is held up.
  TEST_CASE(
    "used memory exceeds the total by at most one addition and the reserves for each partition") {
    std::mt19937 random{7};
    for (int life = 0; life < 200; ++life) {
      const std::size_t partitions = 1 + random() % 100;
      const std::size_t part = 1 + random() % 50;
      const prefetch_limit::limits most{
        .total = 1'000 + random() % 10'000, .reserve = random() % 60, .least = random() % 20};
      prefetch_limit limit{most};
      std::vector<load> loads(partitions);
      const auto beyond
        = most.total + partitions * (part + std::max(most.least, most.reserve) + most.reserve);
      for (int step = 0; step < 1'000; ++step) {
        auto& any = loads[random() % partitions];
        if (random() % 2 == 0 && !any.held_up) {
          limit.add(any, 1 + random() % part);
          if (limit.is_too_much(any))
            limit.hold_up(any);
        } else {
          limit.remove(any, any.bytes == 0 ? 0 : random() % (any.bytes + 1));
          if (any.held_up && limit.is_little(any))
            limit.let_flow(any);
        }
        REQUIRE(limit.used() <= beyond);
      }
      for (auto& each : loads) {
        limit.remove(each, each.bytes);
        limit.let_flow(each);
      }
      CHECK(limit.used() == 0);
    }
  }
}
