#include <ottla/supervision/application.hpp>

#include "support/latched.hpp"
#include "support/managing.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

TEST_SUITE("process_manager") {
  // Elsa's four tests.

  TEST_CASE_FIXTURE(managing, "children start again when the dynamic supervisor dies, each time, "
                              "also the children that were added at run time") {
    run(manager({.children = {child("a")}}));
    CHECK(pool_has() == "a up");
    CHECK(manager_says(start_child{child("b")}) == "ok");
    CHECK(pool_has() == "a up, b up");
    happened();
    for (int death = 0; death < 3; ++death) {
      CHECK(pool_is_replaced());
      CHECK(happened() == "end a, end b, start a, start b");
      CHECK(pool_has() == "a up, b up");
    }
  }

  TEST_CASE_FIXTURE(managing, "the initializer's children start, and start again when the dynamic "
                              "supervisor dies") {
    run(manager(initialized_by([this] { return std::vector{child("a"), child("b")}; })));
    CHECK(pool_has() == "a up, b up");
    CHECK(manager_says(start_child{child("c")}) == "ok");
    CHECK(pool_is_replaced());
    CHECK(pool_has() == "a up, b up, c up");
    time.advance(1h);
    CHECK(plan->calls == 1);
  }

  TEST_CASE_FIXTURE(managing, "an initializer that throws or returns a reason is reported, and "
                              "called again after retry_after until it succeeds") {
    auto spec = initialized_by([this]() -> found_children {
      if (plan->calls == 1)
        throw std::runtime_error{"no luck"};
      if (plan->calls == 2)
        return exit_reason::crashed("no broker answers");
      if (plan->calls == 3)
        return exit_reason::timeout();
      return std::vector{child("a")};
    });
    spec.retry_after = 5s;
    run(manager(spec));
    const auto heard = await();
    CHECK(plan->calls == 1);
    time.advance(5s - 1ms);
    CHECK(plan->calls == 1);
    time.advance(10s);
    CHECK(plan->calls == 3);
    CHECK(pool_has() == "");
    CHECK(*heard == "waits");
    CHECK(failures()
          == "top/manager/initializer: no broker answers, again in 5000 ms; "
             "top/manager/initializer: timeout, again in 5000 ms");
    time.advance(1ms);
    CHECK(plan->calls == 4);
    CHECK(pool_has() == "a up");
    CHECK(*heard == "ready");
    time.advance(1h);
    CHECK(plan->calls == 4);
  }

  TEST_CASE_FIXTURE(managing, "with poll, the initializer is called again at that interval, and "
                              "only children with new ids start") {
    auto spec = initialized_by([this]() -> found_children {
      if (plan->calls == 4)
        throw std::runtime_error{"no luck"};
      if (plan->calls < 3)
        return std::vector{child("a")};
      return std::vector{child("b"), child("a"), child("b")};
    });
    spec.poll = 1min;
    run(manager(spec));
    const auto a = process("a");
    happened();
    time.advance(1min);
    CHECK(plan->calls == 2);
    CHECK(happened() == "");
    time.advance(1min);
    CHECK(happened() == "start b");
    CHECK(pool_has() == "a up, b up");
    CHECK(process("a") == a);
    // After a failure the initializer is called again after retry_after.
    time.advance(1min);
    CHECK(plan->calls == 4);
    time.advance(1s);
    CHECK(plan->calls == 5);
    time.advance(59s);
    CHECK(plan->calls == 5);
    time.advance(1s);
    CHECK(plan->calls == 6);
    CHECK(happened() == "");
  }

  TEST_CASE_FIXTURE(managing, "children that the initializer no longer returns keep running") {
    auto spec = initialized_by([this]() -> found_children {
      return plan->calls == 1 ? std::vector{child("a")} : std::vector<child_spec>{};
    });
    spec.poll = 1s;
    run(manager(spec));
    time.advance(3s);
    CHECK(pool_has() == "a up");
    CHECK(pool_is_replaced());
    CHECK(pool_has() == "a up");
  }

  // await_ready.

  TEST_CASE_FIXTURE(managing, "await_ready is answered when the start of each child has succeeded "
                              "or failed once") {
    run(manager({.children = {child("a", {init_does::defer}), child("b", {init_does::fail})}}));
    const auto heard = await();
    CHECK(*heard == "waits");
    tell("a", be_ready{});
    CHECK(*heard == "ready");
    CHECK(*await() == "ready");
  }

  TEST_CASE_FIXTURE(managing, "await_ready fails when the manager ends") {
    run(manager(initialized_by([]() -> found_children { return exit_reason::timeout(); })));
    const auto heard = await();
    ask_to_end(top->process);
    CHECK(*heard == "crashed: the process manager is shutting down");
    CHECK(top->ended == exit_reason::shutdown());
  }

  // Failed starts.

  TEST_CASE_FIXTURE(managing, "a child that fails to start is reported and started again after "
                              "retry_after, without effect on its siblings") {
    auto failing = child("b", {init_does::fail, init_does::fail});
    run(manager({.children = {child("a"), failing, child("c")}}));
    CHECK(pool_has() == "a up, c up");
    const auto a = process("a");
    CHECK(failures() == "");
    time.advance(1s);
    CHECK(failures() == "top/manager/b: no luck, again in 1000 ms");
    time.advance(1s);
    CHECK(pool_has() == "a up, c up, b up");
    CHECK(process("a") == a);
    happened();
    time.advance(1h);
    CHECK(happened() == "");
  }

  TEST_CASE_FIXTURE(managing, "an invalid spec of the initializer is reported, and its siblings "
                              "start") {
    run(manager(initialized_by([this] { return std::vector{child_spec{.id = "a"}, child("b")}; })));
    events->clear();
    CHECK(pool_has() == "b up");
    time.advance(1s);
    CHECK(failures() == "top/manager/a: child \"a\": no start function, again in 1000 ms");
  }

  TEST_CASE_FIXTURE(managing, "a child above max_children starts when there is room") {
    run(manager({.children = {child("a"), child("b")}}), {.max_children = 1});
    CHECK(pool_has() == "a up");
    CHECK(manager_says(terminate_child{.id = "a"}) == "ok");
    time.advance(1s);
    CHECK(pool_has() == "b up");
  }

  // The manager's own life.

  TEST_CASE_FIXTURE(managing, "a replacement of the manager leaves the running children alone, and "
                              "starts only what is missing") {
    auto spec = initialized_by([this] {
      return plan->calls == 1 ? std::vector{child("a")} : std::vector{child("a"), child("b")};
    });
    run(manager(spec));
    CHECK(manager_says(start_child{child("c")}) == "ok");
    const auto a = process("a");
    const auto c = process("c");
    happened();
    CHECK(is_replaced_after_kill("manager"));
    CHECK(happened() == "start b");
    CHECK(process("a") == a);
    CHECK(process("c") == c);
    CHECK(*await() == "ready");
    CHECK(pool_is_replaced());
    CHECK(pool_has() == "a up, c up, b up");
  }

  TEST_CASE_FIXTURE(managing, "a manager and a dynamic supervisor that die together start all "
                              "children again") {
    run(manager({.children = {child("a")}}));
    CHECK(manager_says(start_child{child("b")}) == "ok");
    kill(whereis("manager"));
    kill(whereis("pool"));
    time.run();
    time.advance(1s);
    CHECK(pool_has() == "a up, b up");
  }

  TEST_CASE_FIXTURE(managing, "a request of a killed manager fails, and repeating it adds no "
                              "second child") {
    run(manager());
    const auto b = child("b", {init_does::defer});
    const auto lost = ask_later<child_result>(*this, whereis("manager"), start_child{b});
    time.run();
    CHECK(is_replaced_after_kill("manager"));
    CHECK(lost->answer->error == supervision_errc::shutting_down);
    CHECK(manager_says(start_child{b}) == "already_started");
    CHECK(pool_has() == "b starting");
    tell("b", be_ready{});
    CHECK(pool_is_replaced());
    CHECK(pool_has() == "b up");
  }

  TEST_CASE_FIXTURE(managing, "a stop ends the manager at once while it waits to call a failed "
                              "initializer again") {
    run(manager(initialized_by([]() -> found_children { return exit_reason::timeout(); })));
    const auto manager_process = whereis("manager");
    ask_to_end(top->process);
    CHECK_FALSE(is_alive(manager_process));
    CHECK(top->ended == exit_reason::shutdown());
    time.advance(1h);
    CHECK(plan->calls == 1);
  }

  TEST_CASE_FIXTURE(managing, "a manager waits for a dynamic supervisor that starts later") {
    under(supervisor_spec{.id = "top", .children = {manager({.children = {child("a")}})}});
    time.advance(10s);
    CHECK(happened() == "");
    CHECK(says(start_child{dynamic_supervisor_spec{.id = "pool", .name = "pool"}}) == "ok");
    time.advance(1s);
    CHECK(pool_has() == "a up");
  }

  TEST_CASE_FIXTURE(managing, "a manager whose supervisor is another process ends with the "
                              "reason") {
    under(supervisor_spec{.id = "top",
                          .restarts = {.at_most = 0},
                          .children
                          = {named(child("x"), "pool"), manager({.children = {child("a")}})}});
    REQUIRE(top->ended);
    time.run();
    CHECK(top->ended->what == exit_reason::kind::shutdown);
  }

  // The example of process_manager.hpp.
  TEST_CASE("a program declares a manager next to its dynamic supervisor, and awaits it") {
    struct feed_source {
      std::vector<std::string> list_feeds() const { return {"prices", "news"}; }
    };
    const auto source = std::make_shared<const feed_source>();
    const auto of = std::make_shared<tally>();
    const auto specs_of = [of](const std::vector<std::string>& feeds) {
      std::vector<child_spec> specs;
      for (const auto& feed : feeds)
        specs.push_back(test::child(feed, of));
      return specs;
    };
    application app{{
      .id = "feeds",
      .strategy = ottla::strategy::one_for_one,
      .children = {
        ottla::dynamic_supervisor_spec{.id = "feed_supervisor", .name = "feed_supervisor"},
        ottla::process_manager_spec{
          .id = "feed_manager",
          .supervisor = "feed_supervisor",
          .initializer = [=] { return specs_of(source->list_feeds()); },
          .poll = 1min,
          .name = "feed_manager",
        },
      },
    }};
    const auto done
      = ottla::call<void>(app.system(), app.find("feed_manager"), patience(), ottla::await_ready{});
    CHECK(done);
    CHECK(of->started.value() == 2);
    CHECK(app.find("news").resolve());
    CHECK(bool{app.stop()});
  }

  TEST_CASE("validation names each fault of a process manager in a line of its own") {
    const process_manager_spec wrong{.id = "m",
                                     .children = {{.id = "a", .start = start<stillborn>()},
                                                  {.id = "a",
                                                   .start = start<stillborn>(),
                                                   .restart = restart_policy::transient,
                                                   .significant = true},
                                                  {.id = "b"}},
                                     .retry_after = -1s,
                                     .poll = 0s,
                                     .initializer_timeout = 0s};
    CHECK(validate(wrong)
          == std::vector<std::string>{
            "process manager \"m\": supervisor must name a dynamic supervisor",
            "process manager \"m\": retry_after must be above 0, got -1000ms",
            "process manager \"m\": poll must be above 0, got 0ms",
            "process manager \"m\": initializer_timeout must be above 0, got 0ms",
            "process manager \"m\": poll needs an initializer",
            "process manager \"m\": child \"a\": must not be significant under a dynamic "
            "supervisor",
            "process manager \"m\": two children with id \"a\"",
            "process manager \"m\": child \"b\": no start function"});
    const child_spec converted = wrong;
    CHECK(validate(converted).size() == 8);
    CHECK(validate(process_manager_spec{.id = "m", .supervisor = "pool"}).empty());
  }
}
