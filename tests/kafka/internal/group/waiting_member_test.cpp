// When a member without an assignment opens another Kafka handle.

#include "support/troubled_group.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

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

  TEST_CASE_FIXTURE(troubled, "a member without an assignment for a session timeout rejoins with a "
                              "new handle if brokers answer") {
    kafka->joining = false;
    group().session_timeout = 10s;
    open();
    CHECK(opens_a_handle_between(9s, 15s));
    CHECK(
      notes->saw("failed unreachable: brokers answer, but the coordinator of group \"g\" does not; "
                 "rejoining as a new member"));
    give({zero});
    CHECK(health() == "healthy");
    time.advance(10min);
    CHECK(kafka->joins == 2);
  }

  TEST_CASE_FIXTURE(
    troubled,
    "a member whose partitions were lost rejoins with a new handle after a session timeout") {
    group().session_timeout = 10s;
    open_with({zero});
    kafka->joining = false;
    kafka->take_back({zero}, true);
    CHECK(opens_a_handle_between(9s, 15s));
  }

  TEST_CASE_FIXTURE(
    troubled,
    "a member that gave its partitions back rejoins with a new handle after a session timeout") {
    group().session_timeout = 10s;
    open_with({zero});
    kafka->joining = false;
    kafka->take_back({zero});
    time.advance(16s);
    CHECK(kafka->joins == 2);
  }

  TEST_CASE_FIXTURE(troubled, "a member with an empty assignment and unanswered heartbeats rejoins "
                              "with a new handle if brokers answer") {
    kafka->joining = false;
    group().session_timeout = 10s;
    open();
    give({});
    time.advance(1h);
    CHECK(kafka->joins == 1);
    kafka->hears = false;
    CHECK(opens_a_handle_between(9s, 16s));
    CHECK(
      notes->saw("failed unreachable: brokers answer, but the coordinator of group \"g\" does not; "
                 "rejoining as a new member"));
    kafka->hears = true;
    give({});
    CHECK(health() == "healthy");
    time.advance(1h);
    CHECK(kafka->joins == 2);
  }

  TEST_CASE_FIXTURE(troubled, "a member that got an empty assignment after a revoke rejoins if its "
                              "heartbeats are not answered") {
    kafka->joining = false;
    group().session_timeout = 10s;
    open_with({zero});
    kafka->take_back({zero});
    time.run();
    give({});
    kafka->hears = false;
    time.advance(16s);
    CHECK(kafka->joins == 2);
  }

  TEST_CASE_FIXTURE(troubled, "a member with an empty assignment and unanswered heartbeats keeps "
                              "its handle while it joins or its topics do not exist") {
    group().session_timeout = 10s;
    kafka->joining = false;
    open();
    give({});
    kafka->hears = false;
    SUBCASE("the member joins") {
      kafka->joining = true;
    }
    SUBCASE("the member's topics do not exist") {
      kafka->partitions["t"] = 0;
    }
    time.advance(10min);
    CHECK(kafka->joins == 1);
  }

  TEST_CASE_FIXTURE(troubled, "a member with an empty assignment keeps its handle while all "
                              "brokers are unreachable and after their return") {
    group().session_timeout = 10s;
    kafka->joining = false;
    open();
    give({});
    kafka->hears = false;
    kafka->describes = reply::failing(errc::unreachable);
    kafka->answers = reply::failing(errc::unreachable);
    kafka->view = {.silent_for = 1h, .failing = {"broker:9092"}};
    time.advance(10min);
    CHECK(kafka->joins == 1);
    kafka->describes = {};
    kafka->answers = {};
    kafka->view = {.silent_for = 0ms};
    time.advance(6s);
    CHECK(kafka->joins == 1);
    kafka->hears = true;
    time.advance(10min);
    CHECK(kafka->joins == 1);
  }

  TEST_CASE_FIXTURE(troubled,
                    "a member whose commits are unanswered for a session timeout joins with a new "
                    "handle while brokers answer") {
    kafka->joining = false;
    group().session_timeout = 10s;
    open_with({zero});
    kafka->commits = reply::failing(errc::timed_out);
    kafka->append(zero, 1);
    time.advance(9s);
    CHECK(kafka->joins == 1);
    time.advance(7s);
    CHECK(kafka->joins == 2);
    CHECK(
      notes->saw("failed unreachable: brokers answer, but the coordinator of group \"g\" does not; "
                 "rejoining as a new member"));
  }

  TEST_CASE_FIXTURE(troubled, "a member with partitions and unanswered heartbeats keeps its "
                              "handle, since librdkafka revokes the partitions") {
    group().session_timeout = 10s;
    kafka->joining = false;
    open_with({zero});
    kafka->hears = false;
    time.advance(10min);
    CHECK(kafka->joins == 1);
  }

  TEST_CASE_FIXTURE(troubled, "a member that has a reason to wait keeps its handle") {
    group().session_timeout = 10s;
    kafka->joining = false;
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
    time.advance(10min);
    CHECK(kafka->joins == 1);
  }

  TEST_CASE_FIXTURE(troubled,
                    "a group that never answers gets from 20 to 27 new members in an hour") {
    kafka->joining = false;
    group().session_timeout = 10s;
    open();
    time.advance(1h);
    CHECK(kafka->joins <= 27);
    CHECK(kafka->joins >= 20);
  }
}
