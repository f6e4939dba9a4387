#include <ottla/supervision/internal/restart_decider.hpp>

#include "support/print.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace std::chrono_literals;
using decision = process_event::decision;

TEST_SUITE("restart_decider") {
  TEST_CASE("permanent children always restart, transient children restart after abnormal ends, "
            "and temporary children never restart") {
    const auto restarts = [](restart_policy policy, const exit_reason& why) {
      const auto choice
        = restart_decider{{}}.decide({.id = "a", .restart = policy}, nullptr, why, 0s);
      return choice && choice->then == decision::restart;
    };
    for (const auto& why : {exit_reason::normal(), exit_reason::shutdown("done")}) {
      CHECK(restarts(restart_policy::permanent, why));
      CHECK_FALSE(restarts(restart_policy::transient, why));
      CHECK_FALSE(restarts(restart_policy::temporary, why));
    }
    for (const auto& why : {exit_reason::killed(), exit_reason::crashed("x")}) {
      CHECK(restarts(restart_policy::permanent, why));
      CHECK(restarts(restart_policy::transient, why));
      CHECK_FALSE(restarts(restart_policy::temporary, why));
    }
  }

  TEST_CASE("an end without a restart does not count towards the restart limit") {
    restart_decider decider{{.at_most = 1, .within = 1s}};
    const child_spec child{.id = "a", .restart = restart_policy::transient};
    for (int ends = 0; ends < 5; ++ends)
      CHECK_FALSE(decider.decide(child, nullptr, exit_reason::normal(), 0s));
    CHECK(decider.decide(child, nullptr, exit_reason::killed(), 0s)->then == decision::restart);
    CHECK(decider.count() == 1);
    const auto last = decider.decide(child, nullptr, exit_reason::killed(), 0s);
    REQUIRE(last);
    CHECK(last->then == decision::give_up);
    CHECK(last->why_given_up
          == "more than 1 restarts within 1000 ms; child \"a\" ended last: killed");
  }

  TEST_CASE("give_up_after without restart_delay restarts a child without delay until the "
            "supervisor gives up") {
    restart_decider decider{{.at_most = 10, .within = 1s}};
    const child_spec child{.id = "a", .give_up_after = 3};
    backoff delays;
    CHECK(decider.decide(child, &delays, exit_reason::killed(), 0s)->then == decision::restart);
    CHECK(decider.decide(child, &delays, exit_reason::killed(), 0s)->then == decision::restart);
    const auto last = decider.decide(child, &delays, exit_reason::killed(), 0s);
    REQUIRE(last);
    CHECK(last->then == decision::give_up);
    CHECK(last->why_given_up == "child \"a\" failed 3 times in a row, the last time: killed");
  }
}
