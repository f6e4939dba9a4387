#include <ottla/kafka/group/join_deadline.hpp>

#include "support/print.hpp"

#include <doctest/doctest.h>

using namespace ottla::kafka;
using namespace std::chrono_literals;

TEST_SUITE("join_deadline") {
  TEST_CASE("a member is overdue when it has waited for a session in vain") {
    join_deadline wait{10s};
    CHECK_FALSE(wait.is_overdue(1h));
    wait.waits(100s);
    CHECK_FALSE(wait.is_overdue(109s));
    CHECK(wait.is_overdue(110s));
  }

  TEST_CASE("an assignment ends the wait, and losing it begins another one") {
    join_deadline wait{10s};
    wait.waits(100s);
    wait.assigned();
    CHECK_FALSE(wait.is_overdue(1h));
    wait.waits(1h);
    CHECK_FALSE(wait.is_overdue(1h + 9s));
    CHECK(wait.is_overdue(1h + 10s));
  }

  TEST_CASE("a member whose request is at a broker waits for the other members, however long") {
    join_deadline wait{10s};
    wait.waits(100s);
    for (auto now = 101s; now < 400s; now += 1s) {
      wait.is_joining(now);
      CHECK_FALSE(wait.is_overdue(now));
    }
    CHECK_FALSE(wait.is_overdue(408s));
    CHECK(wait.is_overdue(409s));
  }

  TEST_CASE("a member that joins again, or whose commit is not answered, misses an assignment from "
            "then on") {
    join_deadline wait{10s};
    SUBCASE("it joins") {
      wait.is_joining(100s);
    }
    SUBCASE("its commits are not answered") {
      wait.missed(100s);
      wait.missed(105s);
    }
    CHECK_FALSE(wait.is_overdue(109s));
    CHECK(wait.is_overdue(110s));
    wait.assigned();
    CHECK_FALSE(wait.is_overdue(1h));
    wait.missed(1h);
    wait.handle_ended();
    CHECK_FALSE(wait.is_overdue(2h));
  }

  TEST_CASE("each handle in vain is waited for twice as long, up to sixteen sessions, until an "
            "assignment comes") {
    join_deadline wait{10s};
    for (const auto patience : {10s, 20s, 40s, 80s, 160s, 160s}) {
      wait.waits(0s);
      CHECK_FALSE(wait.is_overdue(patience - 1s));
      CHECK(wait.is_overdue(patience));
      wait.gave_up();
      CHECK_FALSE(wait.is_overdue(1h));
    }
    wait.waits(0s);
    wait.assigned();
    wait.waits(0s);
    CHECK(wait.is_overdue(10s));
  }
}
