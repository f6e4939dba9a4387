// What becomes of a member whose Kafka handle ends, time and again.

#include <ottla/kafka/group_requests.hpp>
#include <ottla/kafka/health.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;
using ottla::test::ask;

namespace {

struct troubled : group_stage {
  std::string health() {
    const auto heard = ask<health_report>(*this, named("health"), get_health{});
    return heard.answer ? to_string(*heard.answer) : to_string(heard.failed.value());
  }

  void fail(errc code = errc::other) {
    kafka->push(client_failed{{.code = code, .fatal = true, .text = "finished"}});
    time.run();
  }

  void fence() { fail(errc::fenced); }

  /// Handles that are opened in so long, while each of them ends at once.
  std::size_t opened_within(std::chrono::nanoseconds period, void (troubled::*end)()) {
    const auto before = kafka->joins;
    for (std::chrono::nanoseconds passed{}; passed < period; passed += 100ms) {
      if (kafka->member != nullptr)
        (this->*end)();
      time.advance(100ms);
    }
    return kafka->joins - before;
  }

  void fail_for_good() { fail(); }
  void close_by_itself() {
    kafka->push(closed{});
    time.run();
  }
  void lose_an_offset() {
    give({zero});
    kafka->fail_partition(zero, {.code = errc::offset_out_of_range, .text = "deleted"});
    time.run();
    kafka->logs[zero].failed.reset();
  }
};

} // namespace

TEST_SUITE("replaced handles") {
  TEST_CASE_FIXTURE(troubled,
                    "the first is replaced at once, those after it after growing pauses") {
    open_with({zero});
    fail();
    CHECK(kafka->joins == 2);
    CHECK(health() == "starting: coordinator: no partitions are assigned yet");
    fail();
    CHECK(kafka->joins == 2);
    CHECK(
      health().starts_with("degraded: coordinator: the membership ended 2 times in a row: other: "
                           "finished; the next one begins in 4"));
    time.advance(500ms);
    CHECK(kafka->joins == 3);
    give({zero});
    CHECK(health() == "running");
    fail();
    time.advance(700ms);
    CHECK(kafka->joins == 3);
    time.advance(300ms);
    CHECK(kafka->joins == 4);
  }

  TEST_CASE_FIXTURE(troubled,
                    "whatever ends them again and again, a minute sees no more than nine") {
    open();
    std::size_t opened = 0;
    SUBCASE("fatal failures") {
      opened = opened_within(1min, &troubled::fail_for_good);
    }
    SUBCASE("clients that close by themselves") {
      opened = opened_within(1min, &troubled::close_by_itself);
    }
    SUBCASE("offsets that are gone") {
      opened = opened_within(1min, &troubled::lose_an_offset);
    }
    CHECK(opened <= 9);
    CHECK(opened >= 5);
  }

  TEST_CASE_FIXTURE(troubled, "retention that overtakes a slow reader again and again costs half a "
                              "second each time, and no partition stands still") {
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
          == "degraded: coordinator: the membership ended: t/0: offset_out_of_range: deleted; the "
             "next one begins in 500ms");
    CHECK(kafka->group[zero] == 10);
    CHECK(kafka->group[one] == 10);
  }

  TEST_CASE_FIXTURE(troubled,
                    "a refusal to open the next one is told and tried again, ever slower") {
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
    CHECK(health() == "running");
  }

  TEST_CASE_FIXTURE(troubled, "a coordinator that restarts while opening is refused does not count "
                              "against its supervisors") {
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

  TEST_CASE_FIXTURE(troubled, "no process ends for it, however small the restart limit is") {
    settings.restarts = {.at_most = 0, .within = 1h};
    const auto& seen = open();
    const auto before = named("coordinator");
    opened_within(1min, &troubled::fail_for_good);
    CHECK_FALSE(seen.ended.has_value());
    CHECK(named("coordinator") == before);
    CHECK(named("group_manager"));
  }

  TEST_CASE_FIXTURE(troubled, "what was assigned is lost with the handle, and comes again from the "
                              "last commit") {
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
                    "a revoke, an assignment and a commit under way end with the handle") {
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

  TEST_CASE_FIXTURE(troubled, "health forgets an assignment that ends with the handle") {
    open();
    kafka->resolves = reply::failing(errc::timed_out);
    give({zero});
    CHECK(health().find("where to begin is not known") != std::string::npos);
    fail();
    kafka->resolves = {};
    give({one});
    CHECK(health() == "running");
  }

  TEST_CASE_FIXTURE(troubled, "during the pause it answers, and stops at once") {
    open_with({zero});
    fail();
    fail();
    CHECK(kafka->member == nullptr);
    CHECK(ask<subscription>(*this, named("coordinator"), subscribe_topics{{"u"}}).answer->topics
          == std::vector<std::string>{"t", "u"});
    CHECK(ask<lag_report>(*this, named("coordinator"), get_lag{}).answer->partitions.empty());
    SUBCASE("the next one has the topic that was added") {
      kafka->happened();
      time.advance(1s);
      CHECK(kafka->happened() == "open g, subscribe t u");
    }
    SUBCASE("it stops") {
      const auto stopping = time.system().clock().now();
      ask_to_end(root);
      CHECK_FALSE(named("coordinator"));
      CHECK(time.system().clock().now() == stopping);
      time.advance(1min);
      CHECK(kafka->joins == 2);
    }
    SUBCASE("it is aborted") {
      CHECK(ask<group_aborted>(*this, named("coordinator"), abort_group{}).answer);
      time.advance(1min);
      CHECK(kafka->joins == 2);
    }
  }

  TEST_CASE_FIXTURE(troubled, "a failure in an orderly end is no reason to open another one") {
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
  TEST_CASE_FIXTURE(troubled,
                    "a member whose instance another one uses stays out for longer than a "
                    "session, then for twice as long, and says why") {
    group().instance = "same";
    group().session_timeout = 10s;
    open_with({zero});
    append(zero, 3);
    let_commit();
    fence();
    CHECK(handlers->alive == 0);
    CHECK(health().starts_with("stalled: coordinator: another member of group \"g\" uses instance "
                               "\"same\"; this member stays out for 1"));
    time.advance(16s);
    CHECK(kafka->joins == 1);
    time.advance(4s);
    CHECK(kafka->joins == 2);
    CHECK(health().starts_with("stalled: coordinator: another member"));
    give({zero});
    CHECK(health() == "running");
    append(zero, 3);
    let_commit();
    fence();
    time.advance(32s);
    CHECK(kafka->joins == 2);
    time.advance(8s);
    CHECK(kafka->joins == 3);
  }

  TEST_CASE_FIXTURE(troubled,
                    "two members of one instance start few workers, however long they fence "
                    "each other") {
    group().instance = "same";
    group().session_timeout = 6s;
    group().heartbeat_interval = 500ms;
    open();
    CHECK(opened_within(30min, &troubled::fence) <= 8);
  }

  TEST_CASE_FIXTURE(troubled, "a dynamic member that is fenced off joins again at once") {
    open_with({zero});
    fence();
    CHECK(kafka->joins == 2);
  }
}

TEST_SUITE("members that wait in vain") {
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
    CHECK(health() == "running");
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
    CHECK(health() == "running");
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
      kafka->push(client_failed{{.code = errc::not_authorized, .text = "no"}});
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
