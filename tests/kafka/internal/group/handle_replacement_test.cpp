// How a member replaces Kafka handles that end repeatedly.

#include "support/troubled_group.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("replaced handles") {
  TEST_CASE_FIXTURE(
    troubled,
    "the first failed handle is replaced at once, and later failed handles after growing pauses") {
    open_with({zero});
    fail();
    CHECK(kafka->joins == 2);
    CHECK(health() == "starting: coordinator: no partitions are assigned yet");
    fail();
    CHECK(kafka->joins == 2);
    CHECK(
      health().starts_with("degraded: coordinator: the group membership ended 2 times in a row: "
                           "other: finished; rejoining in 4"));
    time.advance(500ms);
    CHECK(kafka->joins == 3);
    give({zero});
    CHECK(health() == "healthy");
    fail();
    CHECK(opens_a_handle_between(700ms, 1s));
  }

  TEST_CASE_FIXTURE(
    troubled, "a member whose handles end repeatedly opens from five to nine handles in a minute") {
    open();
    std::size_t opened = 0;
    SUBCASE("fatal failures") {
      opened = opened_within(1min, &troubled::fail_for_good);
    }
    SUBCASE("handles that close unexpectedly") {
      opened = opened_within(1min, &troubled::close_by_itself);
    }
    SUBCASE("offsets out of range") {
      opened = opened_within(1min, &troubled::lose_an_offset);
    }
    CHECK(opened <= 9);
    CHECK(opened >= 5);
  }

  TEST_CASE_FIXTURE(troubled, "a member pauses at most half a second each time retention overtakes "
                              "it, and all its partitions progress") {
    open();
    for (int round = 0; round < 10; ++round) {
      give({zero, one});
      append(zero, 1);
      append(one, 1);
      let_commit();
      kafka->fail_partition(zero, {.code = errc::offset_out_of_range, .text = "deleted"});
      time.run();
      kafka->logs[zero].failed.reset();
      time.advance(500ms);
      REQUIRE(kafka->joins == std::size_t(round) + 2);
    }
    CHECK(health()
          == "degraded: coordinator: the group membership ended: t/0: offset_out_of_range: "
             "deleted; rejoining in 500ms");
    CHECK(kafka->group[zero] == 10);
    CHECK(kafka->group[one] == 10);
  }

  TEST_CASE_FIXTURE(troubled, "an offset out of range in one partition loses no acknowledgement of "
                              "the other partitions") {
    group().commit_interval = 1h;
    open_with({zero, one});
    append(one, 10);
    kafka->fail_partition(zero, {.code = errc::offset_out_of_range, .text = "deleted"});
    time.run();
    CHECK(kafka->group[one] == 10);
    CHECK(kafka->group[zero] == 0);
  }

  TEST_CASE_FIXTURE(troubled,
                    "a handle that cannot be opened is reported, and retried with growing pauses") {
    open_with({zero});
    kafka->opens = reply::failing(errc::other, "no more threads");
    fail();
    CHECK(notes->saw("failed other: no more threads"));
    time.advance(1min);
    CHECK(std::ranges::count(notes->lines, "failed other: no more threads") <= 8);
    kafka->opens = {};
    time.advance(30s);
    CHECK(kafka->joins == 2);
    give({zero});
    CHECK(handlers->alive == 1);
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(
    troubled,
    "a handle that a restarted coordinator cannot open does not count against restart limits") {
    settings.restarts = {.at_most = 1, .within = 1h};
    const auto& seen = open();
    kafka->opens = reply::failing(errc::other, "no more threads");
    kill_named("coordinator");
    time.advance(1min);
    CHECK_FALSE(seen.ended.has_value());
    kafka->opens = {};
    time.advance(30s);
    CHECK(kafka->joins == 2);
  }

  TEST_CASE_FIXTURE(
    troubled,
    "the replacement of failed handles ends no process, even with a restart limit of zero") {
    settings.restarts = {.at_most = 0, .within = 1h};
    const auto& seen = open();
    const auto before = named("coordinator");
    opened_within(1min, &troubled::fail_for_good);
    CHECK_FALSE(seen.ended.has_value());
    CHECK(named("coordinator") == before);
    CHECK(named("group_manager"));
  }

  TEST_CASE_FIXTURE(troubled,
                    "partitions are lost when the handle fails, and resume at the last commit") {
    std::vector<std::string> told;
    group().assignment_received
      = [&](const assigned_partition& what) -> std::optional<std::string> {
      told.push_back("+" + to_string(what.where));
      return std::nullopt;
    };
    group().assignments_revoked = [&](std::span<const topic_partition> which) {
      for (const auto& one : which)
        told.push_back("-" + to_string(one));
    };
    open_with({zero, one});
    append(zero, 3);
    let_commit();
    append(zero, 2);
    fail();
    CHECK(handlers->alive == 0);
    CHECK(notes->saw("lost t/0 t/1"));
    give({zero});
    CHECK(handlers->lines.back() == "t/0[3..4]");
    CHECK(told == std::vector<std::string>{"+t/0", "+t/1", "-t/0", "-t/1", "+t/0"});
  }

  TEST_CASE_FIXTURE(troubled,
                    "a pending revoke, assignment or commit is dropped when the handle fails") {
    open_with({zero});
    kafka->commits = reply::withheld();
    append(zero, 3);
    let_commit();
    SUBCASE("a revoke") {
      kafka->take_back({zero});
    }
    SUBCASE("an assignment") {
      kafka->resolves = reply::withheld();
      give({one});
    }
    SUBCASE("a commit") {}
    fail();
    kafka->commits = {};
    kafka->resolves = {};
    give({zero});
    let_commit();
    let_commit();
    CHECK(kafka->group[zero] == 3);
    time.advance(1min);
    CHECK(handlers->alive == 1);
    CHECK(kafka->joins == 2);
  }

  TEST_CASE_FIXTURE(troubled, "health drops the faults of an assignment when the handle fails") {
    open();
    kafka->resolves = reply::failing(errc::timed_out);
    give({zero});
    CHECK(health().find("cannot resolve the first offset") != std::string::npos);
    fail();
    kafka->resolves = {};
    give({one});
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(
    troubled,
    "the coordinator answers requests during the pause between handles, and stops at once") {
    open_with({zero});
    fail();
    fail();
    CHECK(kafka->member == nullptr);
    CHECK(ask<subscription>(*this, named("coordinator"), subscribe_topics{{"u"}}).answer->topics
          == std::vector<std::string>{"t", "u"});
    CHECK(ask<lag_report>(*this, named("coordinator"), get_lag{}).answer->partitions.empty());
    SUBCASE("the next handle subscribes to the added topic") {
      kafka->happened();
      time.advance(1s);
      CHECK(kafka->happened() == "open g, subscribe t u");
    }
    SUBCASE("a stop opens no handle") {
      const auto stopping = time.system().clock().now();
      ask_to_end(root);
      CHECK_FALSE(named("coordinator"));
      CHECK(time.system().clock().now() == stopping);
      time.advance(1min);
      CHECK(kafka->joins == 2);
    }
    SUBCASE("an abort opens no handle") {
      CHECK(ask<group_aborted>(*this, named("coordinator"), abort_group{}).answer);
      time.advance(1min);
      CHECK(kafka->joins == 2);
    }
  }

  TEST_CASE_FIXTURE(troubled, "a handle that fails during a stop is not replaced") {
    open_with({zero});
    kafka->closes = reply::withheld();
    request_exit(root, to_error(exit_reason::shutdown()));
    time.run();
    fail();
    time.advance(1min);
    CHECK(kafka->joins == 1);
    CHECK_FALSE(named("coordinator"));
  }
}

TEST_SUITE("fenced instances") {
  TEST_CASE_FIXTURE(troubled, "a fenced static member waits for longer than a session, then twice "
                              "as long, and health says why") {
    group().instance = "same";
    group().session_timeout = 10s;
    open_with({zero});
    append(zero, 3);
    let_commit();
    fence();
    CHECK(handlers->alive == 0);
    CHECK(health().starts_with("stalled: coordinator: another member of group \"g\" uses instance "
                               "\"same\"; rejoining in 1"));
    CHECK(opens_a_handle_between(16s, 20s));
    CHECK(health().starts_with("stalled: coordinator: another member"));
    give({zero});
    CHECK(health() == "healthy");
    append(zero, 3);
    let_commit();
    fence();
    CHECK(opens_a_handle_between(32s, 40s));
  }

  TEST_CASE_FIXTURE(
    troubled, "a member that is fenced repeatedly opens at most eight handles in half an hour") {
    group().instance = "same";
    group().session_timeout = 6s;
    group().heartbeat_interval = 500ms;
    open();
    CHECK(opened_within(30min, &troubled::fence) <= 8);
  }

  TEST_CASE_FIXTURE(troubled, "a fenced dynamic member rejoins at once") {
    open_with({zero});
    fence();
    CHECK(kafka->joins == 2);
  }
}
