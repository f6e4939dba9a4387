// What a group member answers to the broker, and in which order.

#include <ottla/kafka/internal/group/group_messages.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("coordinator") {
  TEST_CASE_FIXTURE(group_stage, "partitions wanted back: drained, committed, then given") {
    group().commit_interval = 1h;
    open_with({zero, one});
    append(zero, 3);
    kafka->append(one, 12);
    kafka->take_back({zero, one});
    time.run();
    const auto happened = kafka->happened();
    CHECK(happened == "commit t/0@3 t/1@12, unassign t/0 t/1");
    CHECK(handlers->alive == 0);
    CHECK(notes->saw("revoked t/0 t/1"));
    give({one});
    CHECK(handlers->lines.back() == "start t/1@12");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "the batch in hand is finished and acknowledged before partitions go") {
    group().commit_interval = 1h;
    std::string meanwhile;
    handlers->on_batch = [&](const assignment&, batch) {
      kafka->take_back({zero});
      time.advance(1s);
      meanwhile = kafka->happened();
      return ack();
    };
    open_with({zero});
    append(zero, 3);
    CHECK(meanwhile == "");
    CHECK(handlers->happened() == "start t/0@0, t/0[0..2]");
    CHECK(kafka->happened() == "commit t/0@3, unassign t/0");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "what a worker holds back is not committed when its partition goes") {
    handlers->on_batch = [](const assignment&, batch what) {
      return what.front().offset() < 5 ? ack() : carry_on();
    };
    group().commit_interval = 1h;
    open_with({zero});
    append(zero, 8);
    kafka->take_back({zero});
    time.run();
    CHECK(kafka->happened() == "commit t/0@5, unassign t/0");
  }

  TEST_CASE_FIXTURE(group_stage, "nothing acknowledged, nothing committed: given back at once") {
    open_with({zero});
    kafka->take_back({zero});
    time.run();
    CHECK(kafka->happened() == "unassign t/0");
  }

  TEST_CASE_FIXTURE(group_stage, "a worker that hangs costs the deadline; then its lease is over") {
    group().drain_within = 2s;
    open_with({zero, one});
    append(zero, 2);
    append(one, 2);
    let_commit();
    kafka->asked.clear();
    const auto stuck = worker(zero);
    time.hang(stuck);
    append(zero, 2);
    append(one, 2);
    kafka->take_back({zero, one});
    time.advance(1999ms);
    CHECK(kafka->happened() == "commit t/1@4");
    time.advance(1ms);
    CHECK(kafka->happened() == "unassign t/0 t/1");
    time.wake(stuck);
    time.run();
    CHECK(handlers->alive == 0);
    CHECK(kafka->group[zero] == 2);
  }

  TEST_CASE_FIXTURE(group_stage,
                    "after a worker that hung, its partition and later rebalances do well") {
    group().drain_within = 1s;
    open_with({zero, one});
    const auto stuck = worker(zero);
    time.hang(stuck);
    append(zero, 2);
    kafka->take_back({zero, one});
    time.advance(1s);
    give({zero, one});
    append(one, 1);
    // Its supervisor asks it, kills it, and fences it off in the end.
    time.advance(30s);
    CHECK(kafka->group[zero] == 2);
    CHECK(worker(zero));
    CHECK(worker(zero) != stuck);
    kafka->asked.clear();
    kafka->take_back({zero, one});
    time.run();
    CHECK(kafka->happened() == "unassign t/0 t/1");
    time.wake(stuck);
    time.run();
    CHECK(handlers->alive == 0);
  }

  TEST_CASE_FIXTURE(group_stage,
                    "a commit that begins just before the deadline may be answered after it") {
    group().commit_interval = 1h;
    group().drain_within = 2s;
    handlers->on_batch = [&](const assignment&, batch) {
      kafka->commits = reply::withheld();
      kafka->take_back({zero});
      time.advance(1990ms);
      return ack();
    };
    open_with({zero});
    append(zero, 3);
    CHECK(kafka->happened() == "commit t/0@3");
    time.advance(500ms);
    CHECK(kafka->happened() == "");
    const auto asked = kafka->member->last_commit;
    kafka->answer_commit(asked.asked, asked.positions, std::nullopt);
    time.run();
    CHECK(kafka->happened() == "unassign t/0");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "a last commit that is never answered does not keep partitions for ever") {
    group().commit_interval = 1h;
    open_with({zero});
    append(zero, 3);
    kafka->commits = reply::withheld();
    kafka->take_back({zero});
    time.run();
    CHECK(kafka->happened() == "commit t/0@3");
    time.advance(2s);
    CHECK(kafka->happened() == "unassign t/0");
  }

  TEST_CASE_FIXTURE(group_stage, "lost partitions end at once, without drain and commit") {
    open_with({zero, one});
    append(zero, 3);
    kafka->take_back({zero, one}, true);
    time.run();
    CHECK(kafka->happened() == "unassign t/0 t/1");
    CHECK(handlers->alive == 0);
    CHECK(notes->saw("lost t/0 t/1"));
    time.advance(1min);
    CHECK(kafka->happened() == "");
    CHECK(kafka->group[zero] == 0);
    give({zero});
    CHECK(handlers->lines.back() == "t/0[0..2]");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "lost under a worker that hangs, another lease has the partition later") {
    group().drain_within = 1s;
    open_with({zero});
    const auto stuck = worker(zero);
    time.hang(stuck);
    append(zero, 2);
    kafka->take_back({zero}, true);
    time.run();
    CHECK(kafka->happened() == "unassign t/0");
    give({zero});
    time.advance(30s);
    CHECK(kafka->group[zero] == 2);
    time.wake(stuck);
    time.run();
    CHECK(handlers->alive == 1);
  }

  TEST_CASE_FIXTURE(group_stage, "with the manager dead, the next one drains") {
    group().commit_interval = 1h;
    open_with({zero, one});
    append(zero, 3);
    kafka->append(one, 3);
    kafka->take_back({zero, one});
    kill(named("group_manager"));
    time.run();
    CHECK(kafka->happened() == "commit t/0@3 t/1@3, unassign t/0 t/1");
    CHECK(handlers->alive == 0);
    give({zero});
    CHECK(worker(zero));
    CHECK_FALSE(worker(one));
  }

  TEST_CASE_FIXTURE(group_stage,
                    "wherever the manager dies in a rebalance, every partition ends well") {
    // One more message is handled before each kill.
    for (int steps = 0; steps < 40; ++steps) {
      CAPTURE(steps);
      group_stage fresh;
      fresh.open_with({fresh.zero, fresh.one});
      fresh.append(fresh.zero, 3);
      fresh.kafka->append(fresh.one, 3);
      fresh.kafka->take_back({fresh.zero});
      for (int i = 0; i < steps; ++i)
        fresh.time.step();
      kill(fresh.named("group_manager"));
      fresh.time.run();
      fresh.time.advance(1s);
      REQUIRE(fresh.kafka->group[fresh.zero] == 3);
      REQUIRE(fresh.kafka->happened().find("unassign t/0") != std::string::npos);
      REQUIRE(fresh.handlers->alive == 1);
      fresh.give({fresh.zero});
      fresh.append(fresh.zero, 1);
      fresh.let_commit();
      fresh.let_commit();
      REQUIRE(fresh.kafka->group[fresh.zero] == 4);
      REQUIRE(fresh.kafka->group[fresh.one] == 3);
      REQUIRE(fresh.handlers->alive == 2);
    }
  }

  TEST_CASE_FIXTURE(group_stage,
                    "given while the manager restarts, partitions have their workers") {
    for (int steps = 0; steps < 40; ++steps) {
      CAPTURE(steps);
      group_stage fresh;
      fresh.open_with({fresh.zero});
      kill(fresh.named("group_manager"));
      for (int i = 0; i < steps; ++i)
        fresh.time.step();
      fresh.give({fresh.one});
      fresh.time.advance(1s);
      REQUIRE(fresh.worker(fresh.zero));
      REQUIRE(fresh.worker(fresh.one));
      REQUIRE(fresh.handlers->leases.size() == 2);
    }
  }

  TEST_CASE_FIXTURE(group_stage, "wanted back while the manager restarts, partitions are drained") {
    open_with({zero, one});
    append(zero, 3);
    kafka->take_back({zero});
    time.advance(1s);
    const auto idle_minute = time.advance(1min);
    for (int steps = 0; steps < 40; ++steps) {
      CAPTURE(steps);
      group_stage fresh;
      fresh.open_with({fresh.zero, fresh.one});
      fresh.append(fresh.zero, 3);
      kill(fresh.named("group_manager"));
      for (int i = 0; i < steps; ++i)
        fresh.time.step();
      fresh.kafka->take_back({fresh.zero});
      fresh.time.run();
      REQUIRE(fresh.kafka->happened() == "commit t/0@3, unassign t/0");
      fresh.time.advance(1s);
      REQUIRE(fresh.handlers->leases.size() == 2);
      REQUIRE(fresh.handlers->alive == 1);
      // Nobody goes on trying to start workers of what is gone.
      REQUIRE(fresh.time.advance(1min) <= idle_minute + 2);
    }
  }

  TEST_CASE_FIXTURE(group_stage, "a beginning that cannot be found is looked for again") {
    open();
    kafka->resolves = reply::failing(errc::timed_out);
    give({zero});
    CHECK(kafka->happened() == "resolve t/0");
    CHECK(notes->saw("failed timed_out: t/0: no luck"));
    time.advance(1s);
    CHECK(kafka->happened() == "resolve t/0, resolve t/0");
    CHECK(std::ranges::count(notes->lines, "failed timed_out: t/0: no luck") == 1);
    kafka->resolves = reply::failing(errc::unreachable);
    time.advance(1s);
    CHECK(notes->saw("failed unreachable: t/0: no luck"));
    kafka->asked.clear();
    kafka->resolves = {};
    time.advance(1s);
    CHECK(kafka->happened() == "resolve t/0, assign t/0@0, commit t/0@0");
    CHECK(worker(zero));
  }

  TEST_CASE_FIXTURE(group_stage,
                    "a committed offset that is gone from the log is told, and begun anew") {
    kafka->group[zero] = 3;
    kafka->append(zero, 20);
    kafka->log_start = 10;
    open();
    give({zero});
    CHECK(kafka->happened() == "resolve t/0, assign t/0@10, commit t/0@10");
    CHECK(notes->saw(
      "failed offset_out_of_range: t/0: offset 3 is outside of 10..20, beginning at 10"));
    CHECK(worker(zero));
  }

  TEST_CASE_FIXTURE(group_stage, "where to go on when the wanted offset is gone can be set") {
    kafka->group[zero] = 30;
    kafka->append(zero, 20);
    kafka->append(one, 20);
    group().begin = at_offset{5};
    group().when_missing = latest{};
    open();
    give({zero, one});
    CHECK(kafka->happened() == "resolve t/0 t/1, assign t/0@20 t/1@5, commit t/0@20 t/1@5");
    CHECK(notes->saw("failed offset_out_of_range: t/0: offset 30 is outside of 0..20, beginning at "
                     "20"));
  }

  TEST_CASE_FIXTURE(group_stage, "the end of a log is committed at once, so that a restart before "
                                 "anything is handled skips nothing") {
    group().begin = latest{};
    kafka->append(zero, 5);
    open();
    give({zero, one});
    CHECK(kafka->happened() == "resolve t/0 t/1, assign t/0@5 t/1@0, commit t/0@5 t/1@0");
    kill_named("coordinator");
    append(zero, 2);
    give({zero});
    let_commit();
    CHECK(kafka->happened().find("assign t/0@5, commit t/0@7") != std::string::npos);
  }

  TEST_CASE_FIXTURE(group_stage,
                    "an offer taken back before its beginnings are known has no workers") {
    open();
    kafka->resolves = reply::withheld();
    give({zero});
    kafka->take_back({zero});
    time.run();
    CHECK(kafka->happened() == "resolve t/0, unassign t/0");
    CHECK(handlers->leases.empty());
    kafka->resolves = {};
    give({zero});
    CHECK(handlers->leases.size() == 1);
  }

  TEST_CASE_FIXTURE(group_stage, "an offset that is gone brings a new member, which begins anew") {
    open_with({zero});
    kafka->happened();
    kafka->fail_partition(zero, {.code = errc::offset_out_of_range, .text = "deleted"});
    time.run();
    CHECK(notes->saw("failed offset_out_of_range: t/0: deleted"));
    CHECK(kafka->joins == 2);
    kafka->logs[zero].failed.reset();
    give({zero});
    append(zero, 1);
    CHECK(handlers->lines.back() == "t/0[0..0]");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "a partition that fails otherwise costs its worker, not the group") {
    open_with({zero});
    kafka->fail_partition(zero, {.code = errc::not_authorized, .text = "no"});
    time.run();
    CHECK(notes->saw("failed not_authorized: t/0: no"));
    CHECK(kafka->joins == 1);
    CHECK(handlers->lines.back() == "start t/0@0");
  }

  TEST_CASE_FIXTURE(group_stage, "a failed commit is told and tried again") {
    open_with({zero});
    kafka->commits = reply::failing(errc::timed_out);
    append(zero, 3);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@3");
    CHECK(notes->saw("failed timed_out: no luck"));
    kafka->commits = {};
    append(zero, 1);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@4");
    let_commit();
    CHECK(kafka->happened() == "");
  }

  TEST_CASE_FIXTURE(group_stage, "the commit of one partition may fail alone") {
    open_with({zero, one});
    kafka->commits = reply::withheld();
    append(zero, 3);
    append(one, 3);
    let_commit();
    auto asked = kafka->member->last_commit;
    asked.positions[0].failed = error{.code = errc::not_authorized, .text = "no"};
    kafka->commits = {};
    kafka->push(asked);
    time.run();
    CHECK(notes->saw("failed not_authorized: t/0: no"));
    CHECK(notes->saw("committed t/1@3"));
    kafka->asked.clear();
    let_commit();
    CHECK(kafka->happened() == "commit t/0@3");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "a commit during a rebalance fails without a word and is tried again") {
    open_with({zero});
    kafka->commits = reply::failing(errc::rebalance_in_progress);
    append(zero, 3);
    let_commit();
    kafka->commits = {};
    let_commit();
    CHECK(kafka->happened() == "commit t/0@3, commit t/0@3");
    CHECK(notes->lines.back() == "committed t/0@3");
    CHECK_FALSE(notes->saw("failed rebalance_in_progress: no luck"));
  }

  TEST_CASE_FIXTURE(group_stage,
                    "wanted back during a stop that waits for a commit: committed, then given") {
    open_with({zero});
    kafka->commits = reply::withheld();
    append(zero, 3);
    let_commit();
    append(zero, 2);
    CHECK(kafka->happened() == "commit t/0@3");
    ask_to_end(root);
    kafka->commits = {};
    kafka->take_back({zero});
    time.run();
    CHECK(kafka->happened() == "commit t/0@5, unassign t/0");
  }

  TEST_CASE_FIXTURE(group_stage, "what is acknowledged is committed while a drain waits") {
    group().commit_interval = 5s;
    group().drain_within = 30s;
    open_with({zero, one});
    const auto stuck = worker(one);
    time.hang(stuck);
    append(one, 1);
    append(zero, 3);
    kafka->asked.clear();
    kafka->take_back({zero, one});
    time.run();
    time.advance(5s);
    CHECK(kafka->happened() == "commit t/0@3");
    time.wake(stuck);
    time.run();
    CHECK(kafka->happened() == "unassign t/0 t/1");
  }

  TEST_CASE_FIXTURE(group_stage, "one commit is under way at a time") {
    open_with({zero});
    kafka->commits = reply::withheld();
    append(zero, 3);
    let_commit();
    append(zero, 3);
    time.advance(5s);
    CHECK(kafka->happened() == "commit t/0@3");
  }

  TEST_CASE_FIXTURE(group_stage, "a fatal failure makes a new member, any other is told") {
    open_with({zero});
    append(zero, 2);
    kafka->push(handle_failed{{.code = errc::unreachable, .text = "gone"}});
    time.run();
    CHECK(notes->saw("failed unreachable: gone"));
    CHECK(kafka->joins == 1);
    kafka->push(handle_failed{{.code = errc::fenced, .fatal = true, .text = "finished"}});
    time.run();
    CHECK(kafka->joins == 2);
    CHECK(handlers->alive == 0);
    give({zero});
    CHECK(handlers->alive == 1);
  }

  TEST_CASE_FIXTURE(group_stage, "settings that the driver refuses fail the start, and are named") {
    kafka->opens = reply::failing(errc::bad_setting, "\"x\" is no key");
    const auto& seen = open();
    CHECK_FALSE(seen.up());
    CHECK(seen.failure().find("\"x\" is no key") != std::string::npos);
  }

  TEST_CASE_FIXTURE(group_stage,
                    "it looks for events at a third of max_poll_interval, wake or not") {
    group().max_poll_interval = 45s;
    group().commit_interval = 1h;
    open();
    const auto before = kafka->member->polls;
    time.advance(60s);
    CHECK(kafka->member->polls >= before + 4);
  }

  TEST_CASE_FIXTURE(group_stage, "cooperatively, partitions that stay keep their workers") {
    open_with({zero});
    append(zero, 2);
    give({one});
    CHECK(handlers->happened() == "start t/0@0, t/0[0..1], start t/1@0");
    kafka->take_back({one});
    time.run();
    append(zero, 1);
    CHECK(handlers->happened() == "t/0[2..2]");
    CHECK(worker(zero));
    CHECK_FALSE(worker(one));
  }
}
