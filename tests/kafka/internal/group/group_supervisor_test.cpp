// Which processes of a group member survive which crash, on a fake Kafka in virtual time.

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("group_supervisor") {
  TEST_CASE_FIXTURE(group_stage,
                    "a member that joins starts one worker for each assigned partition") {
    REQUIRE(open().up());
    CHECK(drawn(*this, root).find("worker/") == std::string::npos);
    kafka->skip(one, 9);
    kafka->group[one] = 7;
    give({zero, one});
    CHECK(kafka->happened() == "resolve t/0 t/1, assign t/0@0 t/1@7, commit t/0@0");
    CHECK(handlers->happened() == "start t/0@0, start t/1@7");
    CHECK(worker(zero));
    CHECK(worker(one));
    REQUIRE(handlers->leases.size() == 2);
    CHECK(handlers->leases[0].connection == "c");
    CHECK(handlers->leases[0].group == "g");
    CHECK(handlers->leases[0].generation == 1);
    CHECK(handlers->leases[0].epoch != handlers->leases[1].epoch);
    CHECK(notes->saw("assigned 1 t/0 t/1"));
  }

  TEST_CASE_FIXTURE(group_stage,
                    "each acknowledged offset is committed within commit_interval, and only once") {
    open_with({zero, one});
    append(zero, 3);
    append(one, 12);
    CHECK(handlers->happened()
          == "start t/0@0, start t/1@0, t/0[0..2], t/1[0..4], t/1[5..9], t/1[10..11]");
    let_commit();
    CHECK(kafka->happened() == "commit t/0@3 t/1@12");
    CHECK(notes->saw("committed t/1@12"));
    time.advance(1min);
    CHECK(kafka->happened() == "");
    append(one, 1);
    let_commit();
    CHECK(kafka->happened() == "commit t/1@13");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "an unacknowledged message is never committed, not even in a stop") {
    handlers->on_batch = [](const assignment&, batch) { return no_ack(); };
    kafka->group[one] = 4;
    kafka->append(one, 9);
    open_with({zero, one});
    append(zero, 3);
    time.advance(1min);
    CHECK(kafka->happened() == "");
    ask_to_end(root);
    CHECK(kafka->happened().find("commit") == std::string::npos);
    CHECK(kafka->group[zero] == 0);
    CHECK(kafka->group[one] == 4);
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "a worker whose handler throws is replaced at once and resumes after the last ack") {
    bool thrown = false;
    handlers->on_batch = [&](const assignment&, batch what) {
      if (what.front().offset() == 5 && !std::exchange(thrown, true))
        throw std::runtime_error{"bad record"};
      return ack();
    };
    open_with({zero});
    const auto before = time.now();
    append(zero, 12);
    CHECK(handlers->happened()
          == "start t/0@0, t/0[0..4], t/0[5..9], start t/0@5, t/0[5..9], t/0[10..11]");
    CHECK(time.now() == before);
    CHECK(kafka->happened() == "");
    CHECK(count(process_event::kind::restarting) == 0);
    CHECK(handlers->leases[1].epoch > handlers->leases[0].epoch);
    CHECK(handlers->leases[1].generation == handlers->leases[0].generation);
    CHECK(handlers->alive == 1);
  }

  TEST_CASE_FIXTURE(group_stage, "a worker that crashes repeatedly is replaced with back-off, "
                                 "without effect on other partitions") {
    handlers->on_batch = [](const assignment& lease, batch) -> verdict {
      if (lease.where.partition == 0)
        throw std::runtime_error{"poison"};
      return ack();
    };
    group().worker_restarts = {.first = 10ms, .longest = 1s, .at_once = 1, .healthy_after = 1h};
    open_with({zero, one});
    append(zero, 1);
    CHECK(handlers->leases.size() == 3);
    time.advance(9ms);
    CHECK(handlers->leases.size() == 3);
    time.advance(1ms);
    CHECK(handlers->leases.size() == 4);
    time.advance(20ms);
    CHECK(handlers->leases.size() == 5);
    time.advance(1min);
    CHECK(handlers->leases.size() < 75);
    CHECK(handlers->leases.size() > 60);
    append(one, 2);
    let_commit();
    CHECK(kafka->group[one] == 2);
    CHECK(kafka->group[zero] == 0);
    CHECK(kafka->joins == 1);
    CHECK(count(process_event::kind::gave_up) == 0);
    handlers->on_batch = nullptr;
    time.advance(2s);
    CHECK(kafka->group[zero] == 1);
  }

  TEST_CASE_FIXTURE(group_stage, "a handler that fails to start is retried with back-off") {
    int tries = 0;
    handlers->at_start = [&](const assignment&) {
      if (++tries <= 3)
        throw std::runtime_error{"no database"};
    };
    open_with({zero});
    CHECK(tries == 2);
    append(zero, 1);
    time.advance(100ms);
    CHECK(tries == 4);
    let_commit();
    CHECK(kafka->group[zero] == 1);
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "the replacement of a killed worker gets unacknowledged messages from memory, without a seek") {
    handlers->on_batch = [](const assignment&, batch what) {
      return what.front().offset() < 5 ? ack() : carry_on();
    };
    open_with({zero});
    append(zero, 12);
    kill_named("worker/t/0");
    CHECK(handlers->happened()
          == "start t/0@0, t/0[0..4], t/0[5..9], t/0[10..11], start t/0@5, t/0[5..9], t/0[10..11]");
    CHECK(kafka->happened() == "");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "a crash of the acknowledger restarts the workers and keeps the membership") {
    handlers->on_batch = [](const assignment&, batch what) {
      return what.front().offset() < 5 ? ack() : carry_on();
    };
    open_with({zero});
    append(zero, 8);
    const auto coordinator = named("coordinator");
    const auto manager = named("group_manager");
    kill_named("acknowledger");
    CHECK(named("coordinator") == coordinator);
    CHECK(named("group_manager") != manager);
    CHECK(handlers->happened() == "start t/0@0, t/0[0..4], t/0[5..7], start t/0@5, t/0[5..7]");
    handlers->on_batch = nullptr;
    append(zero, 1);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@9");
    CHECK(kafka->joins == 1);
    CHECK(handlers->alive == 1);
  }

  TEST_CASE_FIXTURE(
    group_stage, "a crash of the worker supervisor restarts the workers and keeps the membership") {
    open_with({zero, one});
    append(zero, 2);
    kill_named("worker_supervisor");
    CHECK(worker(zero));
    CHECK(worker(one));
    append(zero, 2);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@4");
    CHECK(handlers->alive == 2);
    CHECK(kafka->joins == 1);
  }

  TEST_CASE_FIXTURE(group_stage, "workers survive a crash of the group manager, and the next "
                                 "manager replaces a worker that dies") {
    open_with({zero, one});
    append(zero, 2);
    const auto before = worker(zero);
    kill_named("group_manager");
    CHECK(worker(zero) == before);
    append(zero, 2);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@4");
    CHECK(handlers->happened() == "start t/0@0, start t/1@0, t/0[0..1], t/0[2..3]");
    kill_named("worker/t/1");
    CHECK(handlers->happened() == "start t/1@0");
    CHECK(kafka->joins == 1);
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "a worker that died together with the group manager is replaced by the next manager") {
    open_with({zero, one});
    kill(named("group_manager"));
    end_abruptly(worker(one));
    CHECK(worker(one));
    CHECK(handlers->happened() == "start t/0@0, start t/1@0, start t/1@0");
  }

  TEST_CASE_FIXTURE(group_stage, "a crash of the coordinator ends all leases, and the next "
                                 "coordinator joins with a new handle") {
    std::optional<assignment> old;
    handlers->on_batch = [&](const assignment& lease, batch) {
      if (!old)
        old = lease;
      return carry_on();
    };
    open_with({zero});
    append(zero, 3);
    kill_named("coordinator");
    CHECK(kafka->joins == 2);
    CHECK(handlers->alive == 0);
    CHECK_FALSE(worker(zero));
    CHECK(kafka->batches_alive == 0);
    handlers->on_batch = nullptr;
    give({zero});
    CHECK(handlers->leases.back().epoch > old->epoch);
    let_commit();
    CHECK(kafka->happened()
          == "leave, open g, subscribe t, resolve t/0, assign t/0@0, commit t/0@3");
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "a crash of the registry or the shared producer restarts no process of the group") {
    open_with({zero});
    const std::vector<std::string> all{"coordinator", "acknowledger", "worker_supervisor",
                                       "group_manager", "worker/t/0"};
    std::vector<caf::actor> before;
    for (const auto& name : all)
      before.push_back(named(name));
    kill_named("registry");
    kill_named("producer");
    CHECK(named("registry"));
    CHECK(named("producer"));
    for (std::size_t i = 0; i < all.size(); ++i)
      CHECK(named(all[i]) == before[i]);
    append(zero, 1);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@1");
    kill_named("worker/t/0");
    CHECK(worker(zero));
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "a stopped member commits acknowledged offsets, leaves the group, and releases all messages") {
    group().commit_interval = 1h;
    open_with({zero, one});
    append(zero, 3);
    kafka->append(one, 9);
    ask_to_end(root);
    CHECK(kafka->happened().starts_with("commit t/0@3"));
    CHECK(kafka->group[zero] == 3);
    CHECK(handlers->alive == 0);
    CHECK(kafka->member == nullptr);
    CHECK(kafka->batches_alive == 0);
    CHECK(kafka->queues.empty());
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "a stop during a batch waits for the batch, and its messages are not delivered again") {
    group().commit_interval = 1h;
    bool waits = false;
    handlers->on_batch = [&](const assignment&, batch) {
      ask_to_end(root);
      time.advance(1s);
      waits = is_alive(root) && kafka->happened().empty();
      return ack();
    };
    open_with({zero});
    append(zero, 3);
    CHECK(waits);
    CHECK_FALSE(is_alive(root));
    handlers->on_batch = nullptr;
    CHECK(kafka->happened() == "commit t/0@3, close, unassign t/0, leave");
    CHECK(handlers->happened() == "start t/0@0, t/0[0..2]");
    open_with({zero});
    append(zero, 1);
    CHECK(handlers->happened() == "start t/0@3, t/0[3..3]");
  }

  TEST_CASE_FIXTURE(group_stage, "a stop ends the manager, workers and acknowledger, and the "
                                 "member leaves after the last commit") {
    group().commit_interval = 1h;
    open_with({zero});
    append(zero, 3);
    kafka->commits = reply::withheld();
    request_exit(root, to_error(exit_reason::shutdown()));
    time.run();
    CHECK_FALSE(named("group_manager"));
    CHECK_FALSE(worker(zero));
    CHECK_FALSE(named("acknowledger"));
    CHECK(named("coordinator"));
    CHECK(kafka->happened() == "commit t/0@3");
    const auto asked = kafka->member->last_commit;
    kafka->answer_commit(asked.asked, asked.positions, std::nullopt);
    time.run();
    CHECK(kafka->happened() == "close, unassign t/0, leave");
    CHECK_FALSE(is_alive(root));
  }

  TEST_CASE_FIXTURE(group_stage, "a group that ends during a drain commits the acknowledged "
                                 "offsets of the draining partitions") {
    group().commit_interval = 1h;
    group().drain_within = 4min;
    settings.restarts = {.at_most = 0, .within = 1h};
    open_with({zero, one});
    append(zero, 3);
    time.hang(worker(one));
    append(one, 1);
    kafka->take_back({zero, one});
    time.run();
    CHECK(kafka->happened() == "");
    kill_named("group_manager");
    time.advance(30s);
    CHECK(kafka->group[zero] == 3);
    CHECK(kafka->happened() == "commit t/0@3, unassign t/0 t/1, close, leave");
  }

  TEST_CASE_FIXTURE(group_stage, "a stop with a broker that never answers ends within 5 s") {
    open_with({zero});
    append(zero, 3);
    kafka->commits = reply::withheld();
    kafka->closes = reply::withheld();
    ask_to_end(root);
    CHECK(is_alive(root));
    time.advance(5s);
    CHECK_FALSE(is_alive(root));
    CHECK(kafka->member == nullptr);
  }

  TEST_CASE_FIXTURE(group_stage, "a member without an assignment leaves at once when it stops") {
    open();
    const auto before = time.now();
    ask_to_end(root);
    CHECK_FALSE(is_alive(root));
    CHECK(time.now() == before);
    CHECK(kafka->happened() == "close, leave");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "a member that still resolves first offsets leaves at once when it stops") {
    open();
    kafka->resolves = reply::withheld();
    give({zero});
    ask_to_end(root);
    CHECK_FALSE(is_alive(root));
    CHECK(kafka->happened() == "resolve t/0, assign, close, leave");
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "a killed connection ends all its processes, and the restarted connection consumes again") {
    const auto& top = start(supervisor_spec{
      .id = "top", .restarts = {.at_most = 9, .within = 1h}, .children = {child_spec(settings)}});
    REQUIRE(top.up());
    give({zero, one});
    append(zero, 4);
    const auto tree = ask<tree_node>(*this, top.process, describe_tree{}).answer.value();
    kill(tree.children.at(0).process);
    time.run();
    CHECK(handlers->alive == 0);
    CHECK(kafka->joins == 2);
    CHECK(kafka->queues.empty());
    give({zero, one});
    CHECK(handlers->alive == 2);
    append(zero, 1);
    let_commit();
    CHECK(kafka->group[zero] == 5);
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "a connection continues to consume while seven of its processes are killed in turn") {
    open_with({zero, one});
    const std::vector<std::string> victims{"registry",         "producer",   "coordinator",
                                           "acknowledger",     "worker/t/0", "group_manager",
                                           "worker_supervisor"};
    int stored = 0;
    for (const auto& victim : victims) {
      CAPTURE(victim);
      REQUIRE(named(victim));
      kill_named(victim);
      if (kafka->generation < static_cast<int>(kafka->joins))
        give({zero, one});
      append(zero, 3);
      append(one, 3);
      stored += 3;
      let_commit();
      CHECK(kafka->group[zero] == stored);
      CHECK(kafka->group[one] == stored);
      CHECK(handlers->alive == 2);
    }
    CHECK(kafka->joins == 2);
  }
}
