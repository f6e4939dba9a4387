#include <ottla/kafka/internal/driver/prefetch_lending.hpp>

#include <doctest/doctest.h>

#include <random>
#include <vector>

using ottla::kafka::prefetch_lending;

TEST_SUITE("prefetch_lending") {
  using load = prefetch_lending::load;

  TEST_CASE("one busy partition may fill two thirds of the total") {
    prefetch_lending lending{{.total = 900, .reserve = 0, .least = 10}};
    load busy;
    while (!lending.is_too_much(busy) && busy.bytes < 1'000)
      lending.add(busy, 1);
    CHECK(busy.bytes == 601);
  }

  TEST_CASE("other partitions may borrow the memory that a partition gives back") {
    prefetch_lending lending{{.total = 900, .reserve = 0, .least = 10}};
    load one;
    load other;
    lending.add(one, 600);
    CHECK(lending.allowance() == 600);
    lending.add(other, 300);
    CHECK(lending.allowance() == 10);
    lending.remove(one, 600);
    CHECK(lending.allowance() == 1'200);
  }

  TEST_CASE("a larger total raises the allowance and a smaller total lowers it") {
    prefetch_lending lending{{.total = 900, .reserve = 0, .least = 10}};
    load one;
    lending.add(one, 600);
    lending.set_total(1'000);
    CHECK(lending.allowance() == 800);
    lending.set_total(500);
    CHECK(lending.allowance() == 10);
  }

  TEST_CASE("each partition may hold the least amount even if no memory is left") {
    prefetch_lending lending{{.total = 100, .reserve = 0, .least = 10}};
    load greedy;
    lending.add(greedy, 500);
    CHECK(lending.allowance() == 10);
    load late;
    lending.add(late, 10);
    CHECK_FALSE(lending.is_too_much(late));
    lending.add(late, 1);
    CHECK(lending.is_too_much(late));
  }

  TEST_CASE("a partition that holds messages or is held up reserves memory once") {
    prefetch_lending lending{{.total = 1'000, .reserve = 100, .least = 10}};
    load one;
    CHECK(lending.used() == 0);
    lending.add(one, 50);
    CHECK(lending.used() == 150);
    lending.hold_up(one);
    CHECK(lending.used() == 150);
    lending.remove(one, 50);
    CHECK(lending.used() == 100);
    lending.let_flow(one);
    CHECK(lending.used() == 0);
  }

  TEST_CASE("a partition that was held up resumes when it holds at most half of its allowance") {
    prefetch_lending lending{{.total = 900, .reserve = 0, .least = 10}};
    load one;
    lending.add(one, 601);
    CHECK(lending.is_too_much(one));
    lending.hold_up(one);
    lending.remove(one, 100);
    CHECK_FALSE(lending.is_little(one));
    lending.remove(one, 51);
    CHECK(lending.is_little(one));
  }

  // A partition exceeds its limit by at most one add() before it is held up.
  TEST_CASE(
    "used memory exceeds the total by at most one addition and the reserves for each partition") {
    std::mt19937 random{7};
    for (int life = 0; life < 200; ++life) {
      const std::size_t partitions = 1 + random() % 100;
      const std::size_t part = 1 + random() % 50;
      const prefetch_lending::limits most{
        .total = 1'000 + random() % 10'000, .reserve = random() % 60, .least = random() % 20};
      prefetch_lending lending{most};
      std::vector<load> loads(partitions);
      const auto beyond
        = most.total + partitions * (part + std::max(most.least, most.reserve) + most.reserve);
      for (int step = 0; step < 1'000; ++step) {
        auto& any = loads[random() % partitions];
        if (random() % 2 == 0 && !any.held_up) {
          lending.add(any, 1 + random() % part);
          if (lending.is_too_much(any))
            lending.hold_up(any);
        } else {
          lending.remove(any, any.bytes == 0 ? 0 : random() % (any.bytes + 1));
          if (any.held_up && lending.is_little(any))
            lending.let_flow(any);
        }
        REQUIRE(lending.used() <= beyond);
      }
      for (auto& each : loads) {
        lending.remove(each, each.bytes);
        lending.let_flow(each);
      }
      CHECK(lending.used() == 0);
    }
  }
}
