#include <ottla/actors/background_work.hpp>
#include <ottla/actors/call.hpp>
#include <ottla/actors/server.hpp>
#include <ottla/supervision/application.hpp>
#include <ottla/supervision/internal/application_implementation.hpp>

#include "support/latched.hpp"
#include "support/print.hpp"
#include "support/stranger.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <stdexcept>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

/// A tenth of this time is for kills, which must arrive in time even on a busy machine.
constexpr auto time_to_kill = 2s;

/// A process that raises a signal in its start and never reports itself up.
class raises : public process {
public:
  raises(caf::actor_config& config, process_context context, int signal)
    : process{config, std::move(context)}, signal_{signal} {}

private:
  caf::behavior set_up() override {
    defer_start();
    raise(signal_);
    return {[](die) {}};
  }

  int signal_;
};

/// Ignores shutdown requests.
class stays : public process {
public:
  stays(caf::actor_config& config, process_context context, std::shared_ptr<tally> of)
    : process{config, std::move(context)}, of_{std::move(of)} {}

private:
  caf::behavior set_up() override {
    return {[](die) {}};
  }
  void shutdown(const exit_reason&) override {}
  void terminated() override { of_->ended.raise(); }

  std::shared_ptr<tally> of_;
};

/// Throws in `shutdown`.
class falls_over : public process {
public:
  using process::process;

private:
  caf::behavior set_up() override {
    return {[](die) {}};
  }
  void shutdown(const exit_reason&) override { throw std::runtime_error{"disk full"}; }
};

/// Throws in `terminate`.
class falls_over_late : public server {
public:
  using server::server;

private:
  init_result init(handlers&) override { return {}; }
  void terminate(const exit_reason&) override { throw std::runtime_error{"disk full"}; }
};

bool names(const std::vector<std::string>& all, const std::string& one) {
  return std::ranges::find(all, one) != all.end();
}

std::chrono::nanoseconds no_time() {
  return 0ns;
}

} // namespace

TEST_SUITE("application: stop") {
  TEST_CASE("at the deadline of a stop, a child with infinite shutdown is killed and reported") {
    auto of = std::make_shared<tally>();
    application app{
      {.id = "app",
       .children = {{.id = "a", .start = start<stays>(of), .shutdown = shutdown_policy::infinity()},
                    child("b", of)},
       .stop_within = time_to_kill}};
    const auto& report = app.stop();
    CHECK_FALSE(report);
    CHECK(names(report.killed, "app/a"));
    CHECK_FALSE(names(report.killed, "app/b"));
    CHECK(report.left.empty());
    CHECK(of->ended.value() == 2);
  }

  TEST_CASE("a stop fails if a supervisor kills a child that exceeds its shutdown time") {
    auto of = std::make_shared<tally>();
    application app{
      {.id = "app",
       .children = {{.id = "a", .start = start<stays>(of), .shutdown = 50ms}, child("b", of)}}};
    const auto& report = app.stop();
    CHECK_FALSE(report);
    CHECK(report.killed == std::vector<std::string>{"app/a"});
    CHECK(report.left.empty());
  }

  TEST_CASE(
    "a child that crashes during a stop is reported as unfinished, with the exception's text") {
    auto of = std::make_shared<tally>();
    child_spec falls{.id = "a", .start = start<falls_over>()};
    SUBCASE("the child crashes in shutdown") {}
    SUBCASE("the child crashes in terminate") {
      falls.start = start<falls_over_late>();
    }
    application app{{.id = "app", .children = {falls, child("b", of)}}};
    const auto& report = app.stop();
    CHECK_FALSE(report);
    CHECK(report.killed.empty());
    CHECK(report.unfinished == std::vector<std::string>{"app/a: crashed: disk full"});
    CHECK(of->ended.value() == 1);
  }

  TEST_CASE("stop reports a child that was killed while the tree ended by itself") {
    auto of = std::make_shared<tally>();
    auto last = child("b", of);
    last.restart = restart_policy::temporary;
    last.significant = true;
    counter gone;
    application app{{.id = "app",
                     .when_done = auto_shutdown::any_significant,
                     .children = {{.id = "a", .start = start<stays>(of), .shutdown = 50ms}, last}}};
    app.when_ended([&] { gone.raise(); });
    post(app.find("b"), die{});
    REQUIRE(gone.wait_for(1));
    CHECK(app.stop().killed == std::vector<std::string>{"app/a"});
  }

  TEST_CASE(
    "a negative stop_within fails the start, and the error also lists the spec's other faults") {
    std::string why;
    try {
      application app{{.id = "app", .children = {{.id = "b"}}, .stop_within = -1s}};
    } catch (const std::runtime_error& error) {
      why = error.what();
    }
    CHECK(
      why
      == "\"app\" did not start: stop_within must not be negative, got -1000ms; child \"b\": no "
         "start function");
  }

  TEST_CASE("stop reports a stuck handler, even if it occupies every scheduler thread") {
    auto of = std::make_shared<tally>();
    for (const std::size_t threads : {1, 2}) {
      of = std::make_shared<tally>();
      application app{{.id = "app",
                       .children = {supervisor_spec{.id = "mid", .children = {child("a", of)}}},
                       .stop_within = 100ms,
                       .threads = threads}};
      post(app.names()->whereis("a"), get_stuck{});
      REQUIRE(of->stuck.wait_for(1));
      CHECK(names(app.stop().left, "app/mid/a"));
      of->released.raise();
      REQUIRE(of->ended.wait_for(1));
    }
  }

  TEST_CASE("stop reports the number of actors outside the tree that keep the system alive") {
    application app{{.id = "app", .stop_within = 100ms}};
    auto stranger = spawn_stranger(app.system());
    CHECK(names(app.stop().left, "actors outside the tree: 1"));
    kill(stranger);
    stranger = {};
    CHECK(app.stop());
  }
}

TEST_SUITE("application: in the program's actor system") {
  TEST_CASE("an application can start and stop repeatedly in the program's actor system") {
    init_message_types();
    caf::actor_system_config config;
    caf::actor_system system{config};
    auto of = std::make_shared<tally>();
    auto stranger = spawn_stranger(system);
    for (int time = 0; time < 3; ++time) {
      application app{system, {.id = "app", .children = {child("a", of)}}};
      CHECK(&app.system() == &system);
      CHECK(app.names()->whereis("a"));
      CHECK(app.stop());
    }
    CHECK(of->ended.value() == 3);
    CHECK(is_alive(stranger));
    kill(stranger);
  }

  TEST_CASE(
    "in the program's actor system, a stop returns at its deadline and reports the stuck process") {
    init_message_types();
    caf::actor_system_config config;
    set_scheduler(config, scheduling::sharing, 2);
    caf::actor_system system{config};
    auto of = std::make_shared<tally>();
    application app{system, {.id = "app", .children = {child("a", of)}, .stop_within = 100ms}};
    post(app.names()->whereis("a"), get_stuck{});
    REQUIRE(of->stuck.wait_for(1));
    CHECK(names(app.stop().left, "app/a"));
    of->released.raise();
    REQUIRE(of->ended.wait_for(1));
    CHECK(app.stop().left.empty());
  }

  TEST_CASE("in the program's actor system, a failed start throws and leaves no process running") {
    init_message_types();
    caf::actor_system_config config;
    caf::actor_system system{config};
    auto of = std::make_shared<tally>();
    std::string why;
    try {
      application app{
        system,
        {.id = "app", .children = {child("a", of), {.id = "b", .start = start<stillborn>()}}}};
    } catch (const std::runtime_error& error) {
      why = error.what();
    }
    CHECK(why == "\"app\" did not start: shutdown: failed to start child \"b\": no luck");
    CHECK(of->ended.value() == 1);
  }
}

TEST_SUITE("run: stop") {
  TEST_CASE("a signal ends a run in an orderly way while its start hangs") {
    auto of = std::make_shared<tally>();
    bool called = false;
    CHECK(
      run({.id = "app", .children = {child("a", of), {.id = "b", .start = start<raises>(SIGTERM)}}},
          [&](application&) { called = true; })
      == EXIT_SUCCESS);
    CHECK_FALSE(called);
    CHECK(of->ended.value() == 1);
  }

  TEST_CASE("run fails if stop_within is negative") {
    CHECK(run({.id = "app", .stop_within = -1s}) == EXIT_FAILURE);
  }

  TEST_CASE("a process can call run again after a signal ended the first run") {
    for (int time = 0; time < 2; ++time)
      CHECK(run({.id = "app"}, [](application&) { raise(SIGTERM); }) == EXIT_SUCCESS);
  }

  TEST_CASE("a run inside another run fails to start, and the outer run continues") {
    int inner = EXIT_SUCCESS;
    CHECK(run({.id = "app"},
              [&](application&) {
                inner = run({.id = "inner"});
                raise(SIGTERM);
              })
          == EXIT_SUCCESS);
    CHECK(inner == EXIT_FAILURE);
  }

  TEST_CASE("run fails if a process crashes during the stop") {
    CHECK(run({.id = "app", .children = {{.id = "a", .start = start<falls_over>()}}},
              [](application&) { raise(SIGTERM); })
          == EXIT_FAILURE);
  }

  TEST_CASE("run fails if a supervisor kills a child that exceeds its shutdown time") {
    auto of = std::make_shared<tally>();
    CHECK(run({.id = "app", .children = {{.id = "a", .start = start<stays>(of), .shutdown = 50ms}}},
              [](application&) { raise(SIGTERM); })
          == EXIT_FAILURE);
  }

  TEST_CASE("run fails if the deadline of the stop kills a process") {
    auto of = std::make_shared<tally>();
    CHECK(run({.id = "app",
               .children
               = {{.id = "a", .start = start<stays>(of), .shutdown = shutdown_policy::infinity()}},
               .stop_within = time_to_kill},
              [](application&) { raise(SIGTERM); })
          == EXIT_FAILURE);
  }
}

TEST_SUITE("await_background") {
  TEST_CASE("without background work, await_background() reports nothing") {
    stop_report report;
    ottla::detail::await_background(report, no_time, 0ns);
    CHECK(report.killed.empty());
    CHECK(report.left.empty());
  }

  TEST_CASE("owed work that outlasts the stop's time is cut short and reported as still running") {
    stop_report report{.killed = {"shop/a"}};
    const background_work owed{"the consumer"};
    const background_work spare{"a question", background::dispensable};
    ottla::detail::await_background(report, no_time, 0ns);
    CHECK(owed.is_cut_short());
    CHECK(spare.is_cut_short());
    CHECK(report.killed == std::vector<std::string>{"shop/a", "the consumer"});
    CHECK(report.left == std::vector<std::string>{"the consumer"});
  }

  TEST_CASE("dispensable work is cut short and is not reported") {
    stop_report report;
    const background_work spare{"a question", background::dispensable};
    ottla::detail::await_background(report, no_time, 0ns);
    CHECK(spare.is_cut_short());
    CHECK(report.killed.empty());
    CHECK(report.left.empty());
  }
}
