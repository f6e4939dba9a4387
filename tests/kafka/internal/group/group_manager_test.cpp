// Which worker has which partition while rebalances, restarts and hung workers overlap.

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("group_manager") {
  TEST_CASE_FIXTURE(group_stage, "a new group manager starts no workers for drained partitions "
                                 "that wait for their last commit") {
    group().commit_interval = 1h;
    open_with({zero, one});
    append(zero, 3);
    kafka->commits = reply::withheld();
    kafka->take_back({zero});
    time.run();
    CHECK(kafka->happened() == "commit t/0@3");
    handlers->happened();
    kill_named("group_manager");
    time.advance(1s);
    CHECK(handlers->happened() == "");
    CHECK_FALSE(worker(zero));
    CHECK(worker(one));
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "an overdue drain that ends late does not affect partitions that were assigned again") {
    std::vector<ack_handle> handles;
    handlers->on_batch = [&](const assignment&, batch what) {
      for (std::size_t index = 0; index < what.size(); ++index)
        handles.push_back(what.ack_later(index));
      return later();
    };
    std::vector<topic_partition> ended;
    group().assignments_revoked = [&](std::span<const topic_partition> which) {
      ended.insert(ended.end(), which.begin(), which.end());
    };
    open_with({zero, one});
    const auto stuck = worker(one);
    time.hang(stuck);
    kafka->take_back({zero, one});
    time.advance(group().drain_within);
    CHECK(kafka->happened() == "unassign t/0 t/1");
    ended.clear();
    give({zero});
    append(zero, 2);
    REQUIRE(handles.size() == 2);
    handles[1].ack();
    time.run();
    time.wake(stuck);
    time.advance(1s);
    handles[0].ack();
    let_commit();
    CHECK(kafka->group[zero] == 2);
    CHECK(std::ranges::find(ended, zero) == ended.end());
  }
}
