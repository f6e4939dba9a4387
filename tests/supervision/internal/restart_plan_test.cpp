#include <ottla/supervision/internal/restart_plan.hpp>

#include "support/seed.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace ottla;
using ids = std::vector<std::string>;

TEST_SUITE("restart_plan") {
  const ids children{"a", "b", "c", "d"};

  TEST_CASE("one_for_one starts the failed child and stops no other child") {
    const auto plan = plan_restart(strategy::one_for_one, children, "b");
    CHECK(plan.stop.empty());
    CHECK(plan.start == ids{"b"});
  }

  TEST_CASE("one_for_all stops the other children in reverse order and starts all in order") {
    const auto plan = plan_restart(strategy::one_for_all, children, "b");
    CHECK(plan.stop == ids{"d", "c", "a"});
    CHECK(plan.start == children);
  }

  TEST_CASE("rest_for_one stops later children in reverse order and starts the rest in order") {
    const auto plan = plan_restart(strategy::rest_for_one, children, "b");
    CHECK(plan.stop == ids{"d", "c"});
    CHECK(plan.start == ids{"b", "c", "d"});
  }

  TEST_CASE("under rest_for_one, a failure of the last child stops no other child") {
    const auto plan = plan_restart(strategy::rest_for_one, children, "d");
    CHECK(plan.stop.empty());
    CHECK(plan.start == ids{"d"});
  }

  TEST_CASE("an unknown child is not started") {
    CHECK(plan_restart(strategy::one_for_one, children, "x").start.empty());
    CHECK(plan_restart(strategy::rest_for_one, children, "x").start.empty());
  }

  TEST_CASE("a plan for random children starts the strategy's group in order and stops the others "
            "in reverse") {
    const auto seed = ottla::test::seed();
    CAPTURE(seed);
    std::mt19937 random{seed};
    for (int round = 0; round < 2'000; ++round) {
      ids all;
      for (std::size_t child = 0, count = 1 + random() % 12; child < count; ++child)
        all.push_back("child" + std::to_string(child));
      std::shuffle(all.begin(), all.end(), random);
      const auto position = random() % all.size();
      const auto& failed = all[position];
      const auto how = static_cast<strategy>(random() % 3);
      CAPTURE(static_cast<int>(how));
      CAPTURE(failed);
      const auto plan = plan_restart(how, all, failed);

      auto first = all.begin();
      auto last = all.end();
      if (how != strategy::one_for_all)
        first += static_cast<std::ptrdiff_t>(position);
      if (how == strategy::one_for_one)
        last = first + 1;
      REQUIRE(plan.start == ids{first, last});
      auto others = plan.start;
      std::erase(others, failed);
      std::ranges::reverse(others);
      REQUIRE(plan.stop == others);
    }
  }
}
