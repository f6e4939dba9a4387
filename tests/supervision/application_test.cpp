#include <ottla/supervision/application.hpp>

#include "support/latched.hpp"
#include "support/print.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <functional>
#include <thread>
#include <unistd.h>
#include <utility>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

std::string failure_of(application_spec spec) {
  try {
    application app{std::move(spec)};
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "none";
}

// Waits with a deadline, because another thread runs the callback of when_ended.
bool waits_until_ended(application& app) {
  auto ended = std::make_shared<counter>();
  app.when_ended([ended] { ended->raise(); });
  return ended->wait_for(1);
}

/// A run that must end without a signal.
int run_by_itself(application_spec spec, const std::function<void(application&)>& started) {
  counter over;
  bool signalled = false;
  std::thread ends_it{[&] {
    if (over.wait_for(1))
      return;
    signalled = true;
    ::kill(getpid(), SIGTERM);
  }};
  const auto status = run(std::move(spec), started);
  over.raise();
  ends_it.join();
  CHECK_FALSE(signalled);
  return status;
}

} // namespace

TEST_SUITE("application") {
  TEST_CASE("an application's constructor returns when every process is up, and its destructor "
            "ends every process") {
    auto of = std::make_shared<tally>();
    {
      application app{{.id = "app", .children = {child("a", of), child("b", of)}}};
      CHECK(of->started.value() == 2);
      CHECK(app.names()->whereis("b"));
      CHECK_FALSE(app.ended());
    }
    CHECK(of->ended.value() == 2);
  }

  TEST_CASE("a failed start throws with the reason and leaves no process running") {
    auto of = std::make_shared<tally>();
    CHECK(failure_of(
            {.id = "app", .children = {child("a", of), {.id = "b", .start = start<stillborn>()}}})
          == "\"app\" did not start: shutdown: failed to start child \"b\": no luck");
    CHECK(of->started.value() == 1);
    CHECK(of->ended.value() == 1);
  }

  TEST_CASE("an invalid spec fails the start with the spec's faults") {
    CHECK(failure_of({.id = "app", .children = {{.id = "b"}}})
          == "\"app\" did not start: child \"b\": no start function");
  }

  TEST_CASE("stop ends the tree, and a second stop does nothing") {
    auto of = std::make_shared<tally>();
    application app{{.id = "app", .children = {child("a", of)}}};
    CHECK(app.stop());
    CHECK(of->ended.value() == 1);
    CHECK(app.ended() == exit_reason::shutdown());
    CHECK(app.stop());
    CHECK_FALSE(app.tree());
  }

  TEST_CASE("tree dumps the processes of a running application") {
    auto of = std::make_shared<tally>();
    application app{
      {.id = "app",
       .children = {child("a", of), supervisor_spec{.id = "mid", .children = {child("b", of)}}}}};
    const auto tree = app.tree();
    REQUIRE(tree);
    CHECK(draw(*tree) == "app  up\n├─ a  up\n└─ mid  up\n   └─ b  up\n");
  }

  TEST_CASE("a child that crashes is replaced under the same name") {
    auto of = std::make_shared<tally>();
    application app{{.id = "app", .children = {child("a", of)}}};
    const auto first = app.names()->whereis("a");
    post(first, die{});
    REQUIRE(of->started.wait_for(2));
    CHECK(app.names()->whereis("a"));
    CHECK(app.names()->whereis("a") != first);
  }

  TEST_CASE("when the root gives up, the application ends with the root's reason and runs the "
            "callback of when_ended") {
    auto of = std::make_shared<tally>();
    application app{
      {.id = "app", .restarts = {.at_most = 0, .within = 5s}, .children = {child("a", of)}}};
    post(app.names()->whereis("a"), die{});
    REQUIRE(waits_until_ended(app));
    CHECK(app.ended()
          == exit_reason::shutdown("more than 0 restarts within 5000 ms; child \"a\" ended last: "
                                   "crashed: told to die"));
    // After the end, when_ended calls back at once.
    CHECK(waits_until_ended(app));
  }

  TEST_CASE("a stuck handler does not hold a stop longer than stop_within") {
    auto of = std::make_shared<tally>();
    application app{
      {.id = "app", .children = {child("a", of)}, .stop_within = 100ms, .threads = 2}};
    post(app.names()->whereis("a"), get_stuck{});
    REQUIRE(of->stuck.wait_for(1));
    const auto began = std::chrono::steady_clock::now();
    CHECK_FALSE(app.stop());
    CHECK(std::chrono::steady_clock::now() - began < 5s);
    of->released.raise();
    REQUIRE(of->ended.wait_for(1));
  }

  TEST_CASE("a stop returns after stop_within even if a detached process and every scheduler "
            "thread are stuck") {
    auto of = std::make_shared<tally>();
    auto detached = child("a", of);
    detached.run_as = execution::detached;
    application app{
      {.id = "app", .children = {detached, child("b", of)}, .stop_within = 100ms, .threads = 1}};
    for (const auto* id : {"a", "b"})
      post(app.names()->whereis(id), get_stuck{});
    REQUIRE(of->stuck.wait_for(2));
    CHECK_FALSE(app.stop());
    of->released.raise();
    REQUIRE(of->ended.wait_for(2));
  }

  TEST_CASE("a stop fails while a fenced child still hangs") {
    auto of = std::make_shared<tally>();
    counter fenced;
    auto stuck = child("a", of);
    stuck.shutdown = shutdown_policy::brutal_kill();
    application app{{.id = "app",
                     .children = {stuck},
                     .observer =
                       [&](const process_event& event) {
                         if (event.what == process_event::kind::fenced)
                           fenced.raise();
                       },
                     .stop_within = 2500ms,
                     .threads = 2}};
    post(app.names()->whereis("a"), get_stuck{});
    REQUIRE(of->stuck.wait_for(1));
    CHECK_FALSE(app.stop());
    CHECK(fenced.value() == 1);
    CHECK(app.ended() == exit_reason::shutdown());
    of->released.raise();
    CHECK(app.stop().left.empty());
  }

  TEST_CASE(
    "a detached process is restarted after a crash or a kill, and ends with the application") {
    auto of = std::make_shared<tally>();
    auto spec = child("a", of);
    spec.run_as = execution::detached;
    {
      application app{{.id = "app", .children = {spec}}};
      post(app.names()->whereis("a"), die{});
      REQUIRE(of->started.wait_for(2));
      kill(app.names()->whereis("a"));
      REQUIRE(of->started.wait_for(3));
    }
    CHECK(of->ended.value() == 3);
  }

  TEST_CASE("an observer that throws at each event ends no process and prevents no restart") {
    auto of = std::make_shared<tally>();
    counter events;
    application app{
      {.id = "app", .children = {child("a", of)}, .observer = [&](const process_event&) {
         events.raise();
         throw std::runtime_error{"observer"};
       }}};
    const auto root = app.tree().value().process;
    post(app.names()->whereis("a"), die{});
    REQUIRE(of->started.wait_for(2));
    CHECK(events.value() >= 2);
    CHECK(app.tree().value().process == root);
    CHECK(app.stop());
  }

  TEST_CASE("an application can start and stop a hundred times in one process") {
    auto of = std::make_shared<tally>();
    for (int time = 0; time < 100; ++time)
      application{
        {.id = "app",
         .children = {child("a", of), supervisor_spec{.id = "mid", .children = {child("b", of)}}}}};
    CHECK(of->started.value() == 200);
    CHECK(of->ended.value() == 200);
  }
}

TEST_SUITE("run") {
  TEST_CASE("SIGTERM stops the tree in an orderly way, and run succeeds") {
    auto of = std::make_shared<tally>();
    CHECK(run({.id = "app", .children = {child("a", of)}}, [](application&) { raise(SIGTERM); })
          == EXIT_SUCCESS);
    CHECK(of->ended.value() == 1);
  }

  TEST_CASE("SIGINT stops the tree, and run succeeds") {
    auto of = std::make_shared<tally>();
    CHECK(run({.id = "app", .children = {child("a", of)}}, [](application&) { raise(SIGINT); })
          == EXIT_SUCCESS);
    CHECK(of->ended.value() == 1);
  }

  TEST_CASE("run restores the former handler of SIGTERM") {
    auto of = std::make_shared<tally>();
    struct sigaction before {};
    struct sigaction after {};
    sigaction(SIGTERM, nullptr, &before);
    run({.id = "app", .children = {child("a", of)}}, [](application&) { raise(SIGTERM); });
    sigaction(SIGTERM, nullptr, &after);
    const bool same = after.sa_handler == before.sa_handler;
    CHECK(same);
  }

  TEST_CASE("run fails if a start fails, and does not call started") {
    bool called = false;
    CHECK(run({.id = "app", .children = {{.id = "b", .start = start<stillborn>()}}},
              [&](application&) { called = true; })
          == EXIT_FAILURE);
    CHECK_FALSE(called);
  }

  TEST_CASE("run fails if the root gives up") {
    auto of = std::make_shared<tally>();
    CHECK(run_by_itself(
            {.id = "app", .restarts = {.at_most = 0, .within = 5s}, .children = {child("a", of)}},
            [](application& app) { post(app.names()->whereis("a"), die{}); })
          == EXIT_FAILURE);
  }

  TEST_CASE("run succeeds if the root ends because its significant child has ended") {
    auto of = std::make_shared<tally>();
    auto main_job = child("a", of);
    main_job.restart = restart_policy::temporary;
    main_job.significant = true;
    CHECK(run_by_itself(
            {.id = "app", .when_done = auto_shutdown::any_significant, .children = {main_job}},
            [](application& app) { post(app.names()->whereis("a"), die{}); })
          == EXIT_SUCCESS);
  }
}
