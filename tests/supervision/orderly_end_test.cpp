// How much time processes get to end, and how a stop reports their unfinished work.

#include <ottla/supervision/application.hpp>
#include <ottla/supervision/orderly_end.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include "support/latched.hpp"
#include "support/stage.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

/// Records how much time it has to end, and ends when that time is over.
class takes_its_time : public process {
public:
  using heard = std::shared_ptr<std::vector<std::chrono::nanoseconds>>;

  takes_its_time(caf::actor_config& config, process_context context, heard into)
    : process{config, std::move(context)}, into_{std::move(into)} {}

private:
  struct over {};

  caf::behavior set_up() override {
    return {[this](die) { stop(); }};
  }
  void shutdown(const exit_reason&) override {
    const auto time = time_to_end(context(), now().time_since_epoch());
    into_->push_back(time);
    cast_after(this, time, die{});
  }
  void terminated() override { leave_unfinished(context(), "2 of 3 letters were not posted"); }

  heard into_;
};

child_spec slow(const takes_its_time::heard& into, shutdown_policy shutdown) {
  return {.id = "slow", .start = start<takes_its_time>(into), .shutdown = shutdown};
}

struct ending : stage {
  takes_its_time::heard heard = std::make_shared<std::vector<std::chrono::nanoseconds>>();

  const sighting& supervise(shutdown_policy shutdown) {
    return start(supervisor_spec{.id = "top", .children = {slow(heard, shutdown)}});
  }
};

} // namespace

TEST_SUITE("orderly_end") {
  TEST_CASE_FIXTURE(
    ending, "outside a stop, time_to_end is a little less than the process's shutdown time") {
    const auto& top = supervise(5s);
    ask_to_end(top.process);
    REQUIRE(heard->size() == 1);
    CHECK(heard->front() == 4500ms);
    time.advance(4500ms);
    CHECK(top.ended);
    CHECK(count(process_event::kind::killed) == 0);
    CHECK(tree->unfinished.lines().empty());
  }

  TEST_CASE_FIXTURE(ending, "with at_least, a process may use the whole time of a stop") {
    const auto& top = supervise(shutdown_policy::at_least(5s));
    tree->stop.begin(time.now().time_since_epoch(), 20s);
    ask_to_end(top.process);
    CHECK(heard->front() == 20s);
    time.advance(19s);
    CHECK_FALSE(top.ended);
    time.advance(1s);
    CHECK(top.ended);
    CHECK(count(process_event::kind::killed) == 0);
    CHECK(tree->unfinished.lines()
          == std::vector<std::string>{"top/slow: 2 of 3 letters were not posted"});
  }

  TEST_CASE_FIXTURE(
    ending,
    "in a short stop, a child with at_most is killed after a quarter of the remaining time") {
    const auto& top = supervise(shutdown_policy::at_most(5s));
    tree->stop.begin(time.now().time_since_epoch(), 4s);
    ask_to_end(top.process);
    time.advance(999ms);
    CHECK_FALSE(top.ended);
    time.advance(1ms);
    CHECK(top.ended);
    CHECK(count(process_event::kind::killed) == 1);
  }

  TEST_CASE(
    "at_most is an upper bound, at_least is a lower bound, and a plain shutdown time is fixed") {
    CHECK(shutdown_policy::at_most(1s).patience(child_type::worker, 60s) == 1s);
    CHECK(shutdown_policy::at_most(1s).patience(child_type::worker) == 1s);
    CHECK(shutdown_policy::at_least(5s).patience(child_type::worker) == 5s);
    CHECK(shutdown_policy::at_least(5s).patience(child_type::worker, 0s) == 5s);
    CHECK(shutdown_policy{3s}.patience(child_type::worker, 1s) == 3s);
  }
}

TEST_SUITE("application: unfinished work") {
  TEST_CASE("stop reports unfinished work, and the report converts to false") {
    const auto heard = std::make_shared<std::vector<std::chrono::nanoseconds>>();
    application app{{.id = "app",
                     .children = {slow(heard, shutdown_policy::at_least(5s))},
                     .stop_within = 200ms}};
    const auto& report = app.stop();
    CHECK_FALSE(report);
    CHECK(report.killed.empty());
    CHECK(report.left.empty());
    CHECK(report.unfinished
          == std::vector<std::string>{"app/slow: 2 of 3 letters were not posted"});
  }

  TEST_CASE("run fails if a process leaves work unfinished") {
    const auto heard = std::make_shared<std::vector<std::chrono::nanoseconds>>();
    CHECK(run({.id = "app",
               .children = {slow(heard, shutdown_policy::at_least(5s))},
               .stop_within = 200ms},
              [](application&) { raise(SIGTERM); })
          == EXIT_FAILURE);
  }

  TEST_CASE(
    "if the root ends by itself, stop_within limits the end and run fails on unfinished work") {
    const auto heard = std::make_shared<std::vector<std::chrono::nanoseconds>>();
    auto first = slow(heard, shutdown_policy::at_least(5s));
    auto last = slow(heard, 0s);
    last.id = "last";
    last.name = "last";
    last.restart = restart_policy::temporary;
    last.significant = true;
    CHECK(run({.id = "app",
               .when_done = auto_shutdown::any_significant,
               .children = {std::move(first), std::move(last)},
               .stop_within = 200ms},
              [](application& app) { post(app.names()->whereis("last"), die{}); })
          == EXIT_FAILURE);
    REQUIRE(heard->size() == 1);
    CHECK(heard->front() <= 170ms);
  }
}
