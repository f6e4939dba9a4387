// When a member without an assignment opens another Kafka handle.

#include "support/troubled_group.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

/// A member without a join request at any broker. The session timeout is 10 s.
struct without_join : troubled {
  without_join() {
    kafka->joining = false;
    group().session_timeout = 10s;
  }

  /// Lets time pass, and checks how many handles the group has opened since its start.
  void check_handles_after(std::chrono::nanoseconds passed, std::size_t count) {
    time.advance(passed);
    CHECK(kafka->joins == count);
  }
};

} // namespace

TEST_SUITE("members that wait in vain") {
  TEST_CASE_FIXTURE(troubled, "a member subscribes within six seconds after an outage at its "
                              "start, even with a long commit_interval") {
    group().commit_interval = 24h;
    group().max_poll_interval = 24h;
    kafka->describes = reply::failing(errc::unreachable);
    open();
    time.advance(1min);
    CHECK(kafka->happened().empty());
    kafka->describes = {};
    time.advance(6s);
    CHECK(kafka->happened() == "subscribe t");
  }

  TEST_CASE_FIXTURE(without_join,
                    "a member without an assignment for a session timeout rejoins with a "
                    "new handle if brokers answer") {
    open();
    CHECK(opens_a_handle_between(9s, 15s));
    CHECK(
      notes->saw("failed unreachable: brokers answer, but the coordinator of group \"g\" does not; "
                 "rejoining as a new member"));
    give({zero});
    CHECK(health() == "healthy");
    check_handles_after(10min, 2);
  }

  TEST_CASE_FIXTURE(
    without_join,
    "a member whose partitions were lost rejoins with a new handle after a session timeout") {
    open_with({zero});
    kafka->take_back({zero}, true);
    CHECK(opens_a_handle_between(9s, 15s));
  }

  TEST_CASE_FIXTURE(
    without_join,
    "a member that gave its partitions back rejoins with a new handle after a session timeout") {
    open_with({zero});
    kafka->take_back({zero});
    check_handles_after(16s, 2);
  }

  TEST_CASE_FIXTURE(without_join,
                    "a member with an empty assignment and unanswered heartbeats rejoins "
                    "with a new handle if brokers answer") {
    open();
    give({});
    check_handles_after(1h, 1);
    kafka->hears = false;
    CHECK(opens_a_handle_between(9s, 16s));
    CHECK(
      notes->saw("failed unreachable: brokers answer, but the coordinator of group \"g\" does not; "
                 "rejoining as a new member"));
    kafka->hears = true;
    give({});
    CHECK(health() == "healthy");
    check_handles_after(1h, 2);
  }

  TEST_CASE_FIXTURE(without_join,
                    "a member that got an empty assignment after a revoke rejoins if its "
                    "heartbeats are not answered") {
    open_with({zero});
    kafka->take_back({zero});
    time.run();
    give({});
    kafka->hears = false;
    check_handles_after(16s, 2);
  }

  TEST_CASE_FIXTURE(without_join,
                    "a member with an empty assignment and unanswered heartbeats keeps "
                    "its handle while it joins or its topics do not exist") {
    open();
    give({});
    kafka->hears = false;
    SUBCASE("the member joins") {
      kafka->joining = true;
    }
    SUBCASE("the member's topics do not exist") {
      kafka->partitions["t"] = 0;
    }
    check_handles_after(10min, 1);
  }

  TEST_CASE_FIXTURE(without_join, "a member with an empty assignment keeps its handle while all "
                                  "brokers are unreachable and after their return") {
    open();
    give({});
    kafka->hears = false;
    kafka->describes = reply::failing(errc::unreachable);
    kafka->answers = reply::failing(errc::unreachable);
    kafka->view = {.silent_for = 1h, .failing = {"broker:9092"}};
    check_handles_after(10min, 1);
    kafka->describes = {};
    kafka->answers = {};
    kafka->view = {.silent_for = 0ms};
    check_handles_after(6s, 1);
    kafka->hears = true;
    check_handles_after(10min, 1);
  }

  TEST_CASE_FIXTURE(without_join,
                    "a member whose commits are unanswered for a session timeout joins with a new "
                    "handle while brokers answer") {
    open_with({zero});
    kafka->commits = reply::failing(errc::timed_out);
    kafka->append(zero, 1);
    check_handles_after(9s, 1);
    check_handles_after(7s, 2);
    CHECK(
      notes->saw("failed unreachable: brokers answer, but the coordinator of group \"g\" does not; "
                 "rejoining as a new member"));
  }

  TEST_CASE_FIXTURE(without_join, "a member with partitions and unanswered heartbeats keeps its "
                                  "handle, since librdkafka revokes the partitions") {
    open_with({zero});
    kafka->hears = false;
    check_handles_after(10min, 1);
  }

  TEST_CASE_FIXTURE(without_join, "a member that has a reason to wait keeps its handle") {
    SUBCASE("other members have not joined yet") {
      kafka->joining = true;
      open();
    }
    SUBCASE("brokers do not answer") {
      open();
      kafka->describes = reply::failing(errc::unreachable);
    }
    SUBCASE("its topics do not exist") {
      kafka->partitions["t"] = 0;
      open();
    }
    SUBCASE("the assignment is empty") {
      open();
      give({});
    }
    SUBCASE("the member is not authorized to join") {
      open();
      kafka->push(handle_failed{{.code = errc::not_authorized, .text = "no"}});
    }
    check_handles_after(10min, 1);
  }

  TEST_CASE_FIXTURE(without_join,
                    "a member opens from 20 to 27 handles in an hour if the group never answers") {
    open();
    time.advance(1h);
    CHECK(kafka->joins <= 27);
    CHECK(kafka->joins >= 20);
  }
}
