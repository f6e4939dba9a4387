// What a group member answers to the broker in a rebalance, and in which order.

#include <ottla/kafka/internal/group/group_messages.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("coordinator") {
  TEST_CASE_FIXTURE(group_stage,
                    "revoked partitions are drained, then committed, then given back") {
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

  TEST_CASE_FIXTURE(
    group_stage,
    "a revoked partition is given back after its current batch is acknowledged and committed") {
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
                    "the last commit of a revoke excludes messages with the verdict carry_on") {
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

  TEST_CASE_FIXTURE(
    group_stage,
    "a revoked partition without new acknowledgements is given back without a commit") {
    open_with({zero});
    kafka->take_back({zero});
    time.run();
    CHECK(kafka->happened() == "unassign t/0");
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "a revoke waits for a hung worker until drain_within has passed, then ends its lease") {
    group().drain_within = 2s;
    open_with({zero, one});
    for (const auto& each : {zero, one})
      append(each, 2);
    let_commit();
    kafka->asked.clear();
    const auto stuck = worker(zero);
    time.hang(stuck);
    for (const auto& each : {zero, one})
      append(each, 2);
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

  TEST_CASE_FIXTURE(group_stage, "after a revoke with a hung worker, a new worker resumes the "
                                 "partition and the next revoke is fast") {
    group().drain_within = 1s;
    open_with({zero, one});
    const auto stuck = worker(zero);
    time.hang(stuck);
    append(zero, 2);
    kafka->take_back({zero, one});
    time.advance(1s);
    give({zero, one});
    append(one, 1);
    // The worker supervisor asks the hung worker to end, kills it, and finally fences it off.
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

  TEST_CASE_FIXTURE(
    group_stage,
    "a last commit sent just before the drain's deadline may be answered after that deadline") {
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
                    "a revoke waits at most two seconds for the answer to its last commit") {
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

  TEST_CASE_FIXTURE(group_stage,
                    "workers of lost partitions end at once, and nothing is committed") {
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

  TEST_CASE_FIXTURE(
    group_stage,
    "a partition that is lost while its worker hangs gets a new worker when it is assigned again") {
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

  TEST_CASE_FIXTURE(
    group_stage, "a new group manager drains the workers of a revoke that began before its start") {
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

  TEST_CASE_FIXTURE(group_stage, "if the group manager dies at any step of a revoke, the revoke "
                                 "completes and the other partition still has a worker") {
    // Each round runs one more step before the kill.
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
                    "partitions assigned while the group manager restarts get one worker each") {
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

  TEST_CASE_FIXTURE(
    group_stage, "partitions revoked while the group manager restarts are drained and committed") {
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
      // No process keeps trying to start a worker of the revoked partition.
      REQUIRE(fresh.time.advance(1min) <= idle_minute + 2);
    }
  }

  TEST_CASE_FIXTURE(group_stage,
                    "a cooperative rebalance keeps the workers of partitions that stay") {
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
