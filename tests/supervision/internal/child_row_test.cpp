#include <ottla/supervision/internal/child_row.hpp>

#include <doctest/doctest.h>

#include <memory>

using namespace ottla;

namespace {

child_row row(child_spec spec = {.id = "a"}) {
  return {.spec = std::make_shared<const child_spec>(std::move(spec))};
}

} // namespace

TEST_SUITE("child_row") {
  TEST_CASE("a child without a run is down, or waits for its restart") {
    const auto child = row();
    CHECK_FALSE(child.is_running());
    CHECK(child.status(false) == child_status::down);
    CHECK(child.status(true) == child_status::restarting);
  }

  TEST_CASE("a run is starting, then up, and ending after the request to end") {
    auto child = row();
    child.run.key = 1;
    CHECK(child.is_running());
    CHECK(child.status(false) == child_status::starting);
    child.run.is_up = true;
    CHECK(child.status(false) == child_status::up);
    child.run.is_ending = true;
    CHECK(child.status(false) == child_status::ending);
    child.run.is_up = false;
    CHECK(child.status(false) == child_status::ending);
  }

  TEST_CASE("only a child with restart_policy::temporary is temporary") {
    CHECK(row({.id = "a", .restart = restart_policy::temporary}).is_temporary());
    CHECK_FALSE(row({.id = "a", .restart = restart_policy::transient}).is_temporary());
    CHECK_FALSE(row().is_temporary());
  }

  TEST_CASE("a run is dead when its end is known, and an orphan when it has a dead parent") {
    child_run run;
    CHECK_FALSE(run.is_dead());
    CHECK_FALSE(run.is_orphan());
    run.leaving = std::make_unique<child_run::farewell>();
    CHECK_FALSE(run.is_dead());
    CHECK_FALSE(run.is_orphan());
    run.leaving->dead = exit_reason::killed();
    CHECK(run.is_dead());
    run.leaving->orphan_of = 7;
    CHECK(run.is_orphan());
  }

  TEST_CASE("answering a run without open requests does nothing") {
    child_run run;
    run.answer_starter({});
    run.answer_terminators();
    CHECK_FALSE(run.calls);
    run.make_calls();
    CHECK(run.calls);
  }
}
