#include <ottla/kafka/internal/group/join_deadline.hpp>

#include "support/print.hpp"

#include <doctest/doctest.h>

using namespace ottla::kafka;
using namespace std::chrono_literals;

namespace {

/// Checks that a wait which began at `began` is overdue after exactly `limit`.
void check_limit(const join_deadline& wait, std::chrono::nanoseconds began,
                 std::chrono::nanoseconds limit = 10s) {
  CHECK_FALSE(wait.is_overdue(began + limit - 1s));
  CHECK(wait.is_overdue(began + limit));
}

} // namespace

TEST_SUITE("join_deadline") {
  TEST_CASE("a member is overdue after a session timeout without an assignment") {
    join_deadline wait{10s};
    CHECK_FALSE(wait.is_overdue(1h));
    wait.waits(100s);
    CHECK_FALSE(wait.is_overdue(109s));
    CHECK(wait.is_overdue(110s));
  }

  TEST_CASE("an assignment ends the wait, and losing the assignment begins another wait") {
    join_deadline wait{10s};
    wait.waits(100s);
    wait.assigned();
    CHECK_FALSE(wait.is_overdue(1h));
    wait.waits(1h);
    check_limit(wait, 1h);
  }

  TEST_CASE("a member is never overdue while a broker has its join request") {
    join_deadline wait{10s};
    wait.waits(100s);
    for (auto now = 101s; now < 400s; now += 1s) {
      wait.is_joining(now);
      CHECK_FALSE(wait.is_overdue(now));
    }
    check_limit(wait, 399s);
  }

  TEST_CASE("a member with an assignment is overdue a session timeout after it rejoins or after an "
            "unanswered commit") {
    join_deadline wait{10s};
    SUBCASE("the member's commits are not answered") {
      wait.missed(100s);
      wait.missed(105s);
    }
    SUBCASE("the member rejoins") {
      wait.is_joining(100s);
    }
    check_limit(wait, 100s);
    wait.assigned();
    CHECK_FALSE(wait.is_overdue(1h));
    wait.missed(1h);
    wait.handle_ended();
    CHECK_FALSE(wait.is_overdue(2h));
  }

  TEST_CASE("a member without partitions is overdue after a session timeout without an answered "
            "heartbeat") {
    join_deadline wait{10s};
    wait.waits(90s);
    wait.assigned();
    wait.heartbeat_missed(100s);
    wait.heartbeat_missed(103s);
    check_limit(wait, 100s);
    SUBCASE("an answered heartbeat ends the silence") {
      wait.heartbeat_answered();
      CHECK_FALSE(wait.is_overdue(1h));
      wait.heartbeat_missed(1h);
      check_limit(wait, 1h);
    }
    SUBCASE("an assignment ends the silence") {
      wait.assigned();
      CHECK_FALSE(wait.is_overdue(1h));
    }
    SUBCASE("the end of the handle ends the silence") {
      wait.handle_ended();
      CHECK_FALSE(wait.is_overdue(1h));
    }
    SUBCASE("a join request ends the silence, and begins a wait for an assignment") {
      wait.is_joining(109s);
      check_limit(wait, 109s);
    }
  }

  TEST_CASE(
    "answered heartbeats end neither the wait for an assignment nor the wait for a commit") {
    join_deadline wait{10s};
    SUBCASE("an assignment") {
      wait.waits(100s);
    }
    SUBCASE("a commit") {
      wait.missed(100s);
    }
    wait.heartbeat_answered();
    CHECK(wait.is_overdue(110s));
  }

  TEST_CASE("a wait restarts when no broker answers") {
    join_deadline wait{10s};
    wait.no_broker_answers(50s);
    CHECK_FALSE(wait.is_overdue(1h));
    SUBCASE("the wait for an assignment") {
      wait.waits(100s);
    }
    SUBCASE("the wait for a heartbeat's answer") {
      wait.heartbeat_missed(100s);
    }
    wait.no_broker_answers(150s);
    check_limit(wait, 150s);
  }

  TEST_CASE("the limit of a wait doubles with each overdue handle up to sixteen session timeouts, "
            "and an assignment resets the limit") {
    join_deadline wait{10s};
    for (const auto patience : {10s, 20s, 40s, 80s, 160s, 160s}) {
      wait.waits(0s);
      check_limit(wait, 0s, patience);
      wait.gave_up();
      CHECK_FALSE(wait.is_overdue(1h));
    }
    wait.waits(0s);
    wait.assigned();
    wait.waits(0s);
    CHECK(wait.is_overdue(10s));
  }
}
