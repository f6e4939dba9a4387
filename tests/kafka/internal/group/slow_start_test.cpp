// Handlers whose start() takes long, or hangs.

#include <ottla/kafka/health.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

/// The first start() calls `first_start`. That function may advance the time, and so run other
/// actors.
struct slow_start : group_stage {
  std::function<void()> first_start;

  slow_start() {
    group().handle_within = 0ms;
    handlers->at_start = [this](const assignment&) {
      if (auto meanwhile = std::exchange(first_start, nullptr))
        meanwhile();
    };
  }
  ~slow_start() { handlers->at_start = nullptr; }
};

} // namespace

TEST_SUITE("slow start") {
  TEST_CASE_FIXTURE(slow_start,
                    "a handler may be in start() without a time limit if handle_within is 0") {
    std::string meanwhile;
    first_start = [&] {
      time.advance(8s);
      meanwhile = health();
      time.advance(1h);
      CHECK(health() == meanwhile);
    };
    kafka->append(zero, 3);
    open_with({zero});
    CHECK(meanwhile == "starting: worker/t/0: the worker is starting");
    CHECK(health() == "healthy");
    CHECK(count(process_event::kind::start_failed) == 0);
    CHECK(handlers->happened() == "start t/0@0, t/0[0..2]");
    let_commit();
    CHECK(kafka->group[zero] == 3);
  }

  TEST_CASE_FIXTURE(slow_start, "workers of other partitions work while a handler is in start()") {
    first_start = [&] {
      append(one, 2);
      time.advance(10s);
      CHECK(kafka->group[one] == 2);
      CHECK(health() == "starting: worker/t/0: the worker is starting");
    };
    open_with({zero, one});
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(
    slow_start,
    "a handler that is in start() for longer than handle_within loses its lease and is replaced") {
    group().handle_within = 10s;
    first_start = [&] {
      const auto stuck = worker(zero);
      time.advance(9s);
      CHECK(worker(zero) == stuck);
      CHECK(health() == "starting: worker/t/0: the worker is starting");
      time.advance(11s);
      REQUIRE(worker(zero));
      CHECK(worker(zero) != stuck);
      CHECK(health()
            == "stalled: worker/t/0: t/0: the handler has been in start() for more than 10000ms; "
               "replacing the worker");
      CHECK(count(process_event::kind::fenced) == 1);
      append(zero, 3);
      let_commit();
      let_commit();
      CHECK(kafka->group[zero] == 3);
      CHECK(health() == "healthy");
    };
    open_with({zero});
    CHECK(handlers->leases.size() == 2);
    append(zero, 1);
    let_commit();
    CHECK(kafka->group[zero] == 4);
    CHECK(handlers->alive == 1);
  }

  TEST_CASE_FIXTURE(
    slow_start, "a worker whose partition is revoked during start() ends when start() returns") {
    first_start = [&] {
      kafka->take_back({zero});
      time.advance(2s);
    };
    kafka->append(zero, 3);
    open_with({zero});
    time.run();
    CHECK(notes->saw("revoked t/0"));
    CHECK_FALSE(worker(zero));
    CHECK(handlers->alive == 0);
    CHECK(health() == "starting: coordinator: no partitions are assigned yet");
  }

  TEST_CASE_FIXTURE(slow_start, "a partition that is lost and assigned again gets a new worker "
                                "while the old worker is in start()") {
    first_start = [&] {
      const auto stuck = worker(zero);
      kafka->take_back({zero}, true);
      time.run();
      give({zero});
      append(zero, 3);
      time.advance(10s);
      CHECK(worker(zero) != stuck);
      CHECK(kafka->group[zero] == 3);
      CHECK(health() == "healthy");
    };
    open_with({zero});
    CHECK(handlers->alive == 1);
  }

  TEST_CASE_FIXTURE(slow_start,
                    "a new group manager waits for a worker that the previous manager started") {
    first_start = [&] {
      time.advance(2s);
      kill_named("group_manager");
      time.advance(10s);
      CHECK(health() == "starting: worker/t/0: the worker is starting");
    };
    kafka->append(zero, 3);
    open_with({zero});
    time.advance(2s);
    CHECK(handlers->happened() == "start t/0@0, t/0[0..2]");
    CHECK(count(process_event::kind::start_failed) == 0);
    CHECK(health() == "healthy");
    SUBCASE("the new manager replaces the worker after a crash") {
      end_abruptly(worker(zero));
      CHECK(worker(zero));
      CHECK(handlers->leases.size() == 2);
    }
  }

  TEST_CASE_FIXTURE(slow_start, "a stop during start() waits for start() and then ends") {
    first_start = [&] {
      request_exit(root, to_error(exit_reason::shutdown()));
      time.advance(1s);
      CHECK(named("coordinator"));
    };
    open_with({zero});
    time.run();
    CHECK_FALSE(named("coordinator"));
    CHECK(handlers->alive == 0);
  }
}
