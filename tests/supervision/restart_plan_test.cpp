#include <ottla/supervision/restart_plan.hpp>

#include <doctest/doctest.h>

using namespace ottla;
using ids = std::vector<std::string>;

TEST_SUITE("restart_plan") {
  const ids children{"a", "b", "c", "d"};

  TEST_CASE("one_for_one starts the failed child and touches no other") {
    const auto plan = plan_restart(strategy::one_for_one, children, "b");
    CHECK(plan.stop.empty());
    CHECK(plan.start == ids{"b"});
  }

  TEST_CASE("one_for_all stops the others in reverse and starts all in order") {
    const auto plan = plan_restart(strategy::one_for_all, children, "b");
    CHECK(plan.stop == ids{"d", "c", "a"});
    CHECK(plan.start == children);
  }

  TEST_CASE("rest_for_one does so with those that were started after it") {
    const auto plan = plan_restart(strategy::rest_for_one, children, "b");
    CHECK(plan.stop == ids{"d", "c"});
    CHECK(plan.start == ids{"b", "c", "d"});
  }

  TEST_CASE("the last child's failure stops nobody under rest_for_one") {
    const auto plan = plan_restart(strategy::rest_for_one, children, "d");
    CHECK(plan.stop.empty());
    CHECK(plan.start == ids{"d"});
  }

  TEST_CASE("a child that is not there is not started") {
    CHECK(plan_restart(strategy::one_for_one, children, "x").start.empty());
    CHECK(plan_restart(strategy::rest_for_one, children, "x").start.empty());
  }
}
