// When a member without an assignment opens another Kafka handle.

#include "support/troubled_group.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("members that wait in vain") {
  TEST_CASE_FIXTURE(troubled,
                    "after an outage at its start a member joins soon, however rarely it commits") {
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

  TEST_CASE_FIXTURE(troubled,
                    "a member that gets no assignment for a session, though brokers answer, "
                    "joins with a new handle") {
    kafka->joining = false;
    group().session_timeout = 10s;
    open();
    time.advance(9s);
    CHECK(kafka->joins == 1);
    time.advance(6s);
    CHECK(kafka->joins == 2);
    CHECK(
      notes->saw("failed unreachable: brokers answer, but the coordinator of group \"g\" does not; "
                 "a new member joins"));
    give({zero});
    CHECK(health() == "healthy");
    time.advance(10min);
    CHECK(kafka->joins == 2);
  }

  TEST_CASE_FIXTURE(troubled, "the same after its partitions were lost") {
    group().session_timeout = 10s;
    open_with({zero});
    kafka->joining = false;
    kafka->take_back({zero}, true);
    time.advance(9s);
    CHECK(kafka->joins == 1);
    time.advance(6s);
    CHECK(kafka->joins == 2);
  }

  TEST_CASE_FIXTURE(troubled, "the same after it gave them back") {
    group().session_timeout = 10s;
    open_with({zero});
    kafka->joining = false;
    kafka->take_back({zero});
    time.advance(16s);
    CHECK(kafka->joins == 2);
  }

  TEST_CASE_FIXTURE(troubled,
                    "a member without partitions whose heartbeats are not answered for a session, "
                    "though brokers answer, joins with a new handle") {
    kafka->joining = false;
    group().session_timeout = 10s;
    open();
    give({});
    time.advance(1h);
    CHECK(kafka->joins == 1);
    kafka->hears = false;
    time.advance(9s);
    CHECK(kafka->joins == 1);
    time.advance(7s);
    CHECK(kafka->joins == 2);
    CHECK(
      notes->saw("failed unreachable: brokers answer, but the coordinator of group \"g\" does not; "
                 "a new member joins"));
    kafka->hears = true;
    give({});
    CHECK(health() == "healthy");
    time.advance(1h);
    CHECK(kafka->joins == 2);
  }

  TEST_CASE_FIXTURE(troubled,
                    "a member whose partitions went to others joins with a new handle when "
                    "its heartbeats are not answered") {
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

  TEST_CASE_FIXTURE(troubled, "a member without partitions keeps its handle") {
    group().session_timeout = 10s;
    kafka->joining = false;
    open();
    give({});
    kafka->hears = false;
    SUBCASE("while it joins") {
      kafka->joining = true;
    }
    SUBCASE("while its topics are gone") {
      kafka->partitions["t"] = 0;
    }
    time.advance(10min);
    CHECK(kafka->joins == 1);
  }

  TEST_CASE_FIXTURE(troubled, "a member without partitions keeps its handle while all brokers are "
                              "away, and joins again by itself after their return") {
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
                    "a member with partitions whose commits are not answered for a session, though "
                    "brokers answer, joins with a new handle") {
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
                 "a new member joins"));
  }

  TEST_CASE_FIXTURE(troubled, "a member with partitions keeps its handle, as librdkafka revokes "
                              "them when heartbeats are not answered") {
    group().session_timeout = 10s;
    kafka->joining = false;
    open_with({zero});
    kafka->hears = false;
    time.advance(10min);
    CHECK(kafka->joins == 1);
  }

  TEST_CASE_FIXTURE(troubled, "a member that waits keeps its handle") {
    group().session_timeout = 10s;
    kafka->joining = false;
    SUBCASE("for the other members to join") {
      kafka->joining = true;
      open();
    }
    SUBCASE("for brokers to answer") {
      open();
      kafka->describes = reply::failing(errc::unreachable);
    }
    SUBCASE("for its topics") {
      kafka->partitions["t"] = 0;
      open();
    }
    SUBCASE("for nothing: an empty assignment is one") {
      open();
      give({});
    }
    SUBCASE("for the right to join") {
      open();
      kafka->push(handle_failed{{.code = errc::not_authorized, .text = "no"}});
    }
    time.advance(10min);
    CHECK(kafka->joins == 1);
  }

  TEST_CASE_FIXTURE(troubled, "a group that never answers gets fewer and fewer new members") {
    kafka->joining = false;
    group().session_timeout = 10s;
    open();
    time.advance(1h);
    CHECK(kafka->joins <= 27);
    CHECK(kafka->joins >= 20);
  }
}
