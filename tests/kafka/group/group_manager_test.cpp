// Who works on which partition, while rebalances, restarts and hung workers overlap.

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("group_manager") {
  TEST_CASE_FIXTURE(group_stage,
                    "a manager that starts while drained partitions are committed leaves them be") {
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
}
