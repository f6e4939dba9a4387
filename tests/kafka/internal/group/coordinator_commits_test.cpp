// What a group member commits, and when.

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("coordinator") {
  TEST_CASE_FIXTURE(group_stage, "a committed offset below the start of the log is reported, and "
                                 "the partition resumes at the start") {
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

  TEST_CASE_FIXTURE(group_stage, "the first offset at the log's end is committed at once, so that "
                                 "a coordinator restart skips no message") {
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

  TEST_CASE_FIXTURE(group_stage, "a failed commit is reported and retried") {
    open_with({zero});
    kafka->commits = reply::failing(errc::timed_out);
    append(zero, 3);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@3");
    CHECK(notes->saw("failed timed_out: no luck"));
    kafka->commits = {};
    let_commit();
    CHECK(kafka->happened() == "commit t/0@3");
    append(zero, 1);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@4");
    let_commit();
    CHECK(kafka->happened() == "");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "a commit that fails for one partition is retried for that partition only") {
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
                    "a commit that fails because of a rebalance is retried without a report") {
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

  TEST_CASE_FIXTURE(
    group_stage,
    "a revoke during a stop commits newer acknowledgements before the partition is given back") {
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

  TEST_CASE_FIXTURE(group_stage, "regular commits continue while a revoke waits for a slow drain") {
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

  TEST_CASE_FIXTURE(group_stage,
                    "the coordinator sends no second regular commit while one is pending") {
    open_with({zero});
    kafka->commits = reply::withheld();
    append(zero, 3);
    let_commit();
    append(zero, 3);
    time.advance(5s);
    CHECK(kafka->happened() == "commit t/0@3");
  }
}
