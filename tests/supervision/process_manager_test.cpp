#include <ottla/actors/call.hpp>
#include <ottla/supervision/application.hpp>
#include <ottla/supervision/dynamic_supervisor_spec.hpp>
#include <ottla/supervision/process_manager.hpp>

#include "support/counter.hpp"
#include "support/latched.hpp"
#include "support/supervising.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

/// What the initializer returns, and how often it was called. Outlives the manager.
struct script {
  int calls = 0;
  std::function<found_children()> answer;
};

/// A dynamic supervisor `pool` and the manager of its children.
struct managing : supervising {
  child_spec manager(process_manager_spec spec = {}) const {
    spec.id = spec.name = "manager";
    spec.supervisor = "pool";
    return spec;
  }

  /// A spec with an initializer that follows the script.
  process_manager_spec initialized_by(std::function<found_children()> answer) {
    plan->answer = std::move(answer);
    return {.initializer = [plan = plan] {
      ++plan->calls;
      return plan->answer();
    }};
  }

  void run(const child_spec& what, const dynamic_supervisor_spec& pool = {}) {
    auto supervisor = pool;
    supervisor.id = supervisor.name = "pool";
    supervisor.restarts = {.at_most = 100};
    under(
      supervisor_spec{.id = "top", .restarts = {.at_most = 100}, .children = {supervisor, what}});
  }

  caf::actor whereis(const std::string& name) const { return names->whereis(name); }

  /// Kills the dynamic supervisor, and gives the manager the time to find its replacement.
  bool pool_is_replaced() {
    const bool is_replaced = is_replaced_after_kill("pool");
    time.advance(1ms);
    return is_replaced;
  }

  template <class Request>
  child_result asked_manager(Request request) {
    return ask<child_result>(*this, whereis("manager"), std::move(request)).answer.value();
  }

  template <class Request>
  std::string manager_says(Request request) {
    const auto result = asked_manager(std::move(request));
    return result ? "ok" : std::string{to_string(result.error)};
  }

  /// The children of the dynamic supervisor, as in `a up, b down`.
  std::string pool_has() {
    std::string result;
    for (const auto& row : rows_of(whereis("pool")))
      result += fmt::format("{}{} {}", result.empty() ? "" : ", ", row.id, to_string(row.status));
    return result;
  }

  /// Asks the manager whether it is ready. The text becomes `ready` or the reason of a failure.
  std::shared_ptr<std::string> await() {
    auto heard = std::make_shared<std::string>("waits");
    time.system().spawn([heard, whom = whereis("manager")](caf::event_based_actor* self) {
      call<void>(self, whom, infinity, await_ready{}, [heard](const call_result<void>& answer) {
        *heard = answer ? "ready" : to_string(answer.error());
      });
    });
    time.run();
    return heard;
  }

  /// The failed starts since the last call, as in `top/manager/a: no luck, again in 1000 ms`.
  std::string failures() {
    std::string result;
    for (const auto& event : *events)
      if (event.what == process_event::kind::start_failed
          && event.then == process_event::decision::wait)
        result += fmt::format("{}{}: {}, again in {} ms", result.empty() ? "" : "; ", event.path,
                              event.reason.text, event.delay / 1ms);
    events->clear();
    return result;
  }

  std::shared_ptr<script> plan = std::make_shared<script>();
};

} // namespace

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

  // start_child.

  TEST_CASE_FIXTURE(managing, "start_child answers as the dynamic supervisor does, and a child "
                              "that fails to start is not added") {
    run(manager());
    const auto added = asked_manager(start_child{child("a")});
    CHECK(added);
    CHECK(added.process == process("a"));
    const auto failed = asked_manager(start_child{child("b", {init_does::fail})});
    CHECK(failed.error == supervision_errc::start_failed);
    CHECK(failed.text == "no luck");
    time.advance(1h);
    CHECK(pool_has() == "a up");
    CHECK(manager_says(start_child{child("b")}) == "ok");
    CHECK(manager_says(start_child{child_spec{.id = "c"}}) == "bad_spec");
    CHECK(manager_says(start_child{}) == "bad_spec");
  }

  TEST_CASE_FIXTURE(managing, "start_child starts no second child with a known id") {
    run(manager(
      {.children = {child("a"), child("b", {init_does::defer}), child("c", {init_does::fail})}}));
    const auto known = asked_manager(start_child{child("a")});
    CHECK(known.error == supervision_errc::already_started);
    CHECK(known.process == process("a"));
    CHECK(manager_says(start_child{child("b")}) == "already_present");
    CHECK(manager_says(start_child{child("c")}) == "already_present");
    CHECK(pool_has() == "a up, b starting");
  }

  TEST_CASE_FIXTURE(managing, "start_child starts a known child again that has ended, from the new "
                              "spec") {
    run(manager({.children = {with(child("a"), restart_policy::temporary)}}));
    tell("a", finish{exit_reason::normal()});
    CHECK(pool_has() == "");
    CHECK(manager_says(start_child{with(child("a"), restart_policy::permanent)}) == "ok");
    tell("a", crash{"x"});
    CHECK(pool_has() == "a up");
  }

  TEST_CASE_FIXTURE(managing, "requests wait while the dynamic supervisor restarts") {
    auto spec = manager({.children = {child("a")}});
    child_spec pool = dynamic_supervisor_spec{.id = "pool", .name = "pool"};
    pool.restart_delay = backoff_settings{.first = 10s, .at_once = 0};
    under(supervisor_spec{.id = "top", .children = {pool, spec}});
    end_abruptly(whereis("pool"));
    const auto b = ask_later<child_result>(*this, whereis("manager"), start_child{child("b")});
    const auto a = ask_later<child_result>(*this, whereis("manager"), terminate_child{.id = "a"});
    const auto heard = await();
    CHECK_FALSE(b->answer);
    CHECK_FALSE(a->answer);
    CHECK(*heard == "waits");
    time.advance(11s);
    CHECK(b->answer->process == process("b"));
    CHECK(*a->answer);
    CHECK(*heard == "ready");
    CHECK(pool_has() == "b up");
  }

  TEST_CASE_FIXTURE(managing, "a start_child whose dynamic supervisor dies is answered by its "
                              "replacement") {
    run(manager());
    const auto started = ask_later<child_result>(*this, whereis("manager"),
                                                 start_child{child("a", {init_does::defer})});
    time.run();
    CHECK(pool_has() == "a starting");
    CHECK(pool_is_replaced());
    CHECK(pool_has() == "a up");
    CHECK(started->answer->process == process("a"));
  }

  // Which children stay down.

  TEST_CASE_FIXTURE(managing, "a child that was ended with terminate_child at the manager stays "
                              "down until start_child") {
    auto spec = initialized_by([this] { return std::vector{child("a"), child("b")}; });
    spec.poll = 1s;
    run(manager(spec));
    CHECK(manager_says(terminate_child{.id = "a"}) == "ok");
    CHECK_FALSE(process("a"));
    time.advance(5s);
    CHECK(plan->calls == 6);
    CHECK(pool_has() == "b up");
    CHECK(pool_is_replaced());
    CHECK(is_replaced_after_kill("manager"));
    time.advance(5s);
    CHECK(pool_has() == "b up");
    CHECK(manager_says(terminate_child{.id = "a"}) == "ok");
    CHECK(manager_says(start_child{child("a")}) == "ok");
    CHECK(pool_has() == "b up, a up");
    CHECK(pool_is_replaced());
    CHECK(pool_has() == "a up, b up");
  }

  TEST_CASE_FIXTURE(managing, "terminate_child names a child by id, and rejects unknown ids") {
    run(manager({.children = {child("a")}}));
    CHECK(manager_says(terminate_child{.id = "b"}) == "not_found");
    CHECK(manager_says(terminate_child{.process = process("a")}) == "not_found");
    CHECK(pool_has() == "a up");
  }

  TEST_CASE_FIXTURE(managing, "terminate_child also ends a child that waits for its restart") {
    auto slow = child("a");
    slow.restart_delay = backoff_settings{.first = 10s, .at_once = 0};
    run(manager({.children = {slow}}));
    tell("a", crash{"x"});
    CHECK(pool_has() == "a restarting");
    const auto ended
      = ask_later<child_result>(*this, whereis("manager"), terminate_child{.id = "a"});
    time.advance(11s);
    CHECK(*ended->answer);
    CHECK(pool_has() == "");
  }

  TEST_CASE_FIXTURE(managing, "a child that ended, or was ended at the dynamic supervisor, stays "
                              "down until the dynamic supervisor is replaced") {
    auto spec = initialized_by([this] {
      return std::vector{with(child("a"), restart_policy::temporary), child("b")};
    });
    spec.poll = 1s;
    run(manager(spec));
    tell("a", crash{"x"});
    CHECK(ask<child_result>(*this, whereis("pool"), terminate_child{.process = process("b")})
            .answer.value());
    time.advance(5s);
    CHECK(pool_has() == "");
    CHECK(is_replaced_after_kill("manager"));
    time.advance(5s);
    CHECK(pool_has() == "");
    CHECK(pool_is_replaced());
    CHECK(pool_has() == "a up, b up");
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

namespace {

/// An application whose initializer hangs in its first call, until `released` is raised.
struct hanging {
  explicit hanging(std::chrono::nanoseconds timeout = std::chrono::nanoseconds::max())
    : app{{.id = "app",
           .children = {dynamic_supervisor_spec{.id = "pool", .name = "pool"},
                        process_manager_spec{.id = "manager",
                                             .supervisor = "pool",
                                             .initializer =
                                               [calls = calls, released = released, of = of] {
                                                 calls->raise();
                                                 if (calls->value() == 1)
                                                   released->wait_for(1, 1h);
                                                 return std::vector{test::child("a", of)};
                                               },
                                             .retry_after = 1ms,
                                             .initializer_timeout = timeout,
                                             .name = "manager"}},
           .observer = [](const process_event&) {},
           .stop_within = 500ms}} {}

  ~hanging() {
    released->raise();
    app.stop(); // waits for the initializer
  }

  std::shared_ptr<counter> calls = std::make_shared<counter>();
  std::shared_ptr<counter> released = std::make_shared<counter>();
  std::shared_ptr<tally> of = std::make_shared<tally>();
  application app;
};

} // namespace

TEST_SUITE("process_manager: an initializer that hangs") {
  TEST_CASE("the manager serves requests, and a stop reports the initializer and does not wait") {
    hanging on;
    REQUIRE(on.calls->wait_for(1));
    const auto added = call<child_result>(on.app.system(), on.app.find("manager"), patience(),
                                          start_child{test::child("b", on.of)});
    REQUIRE(added);
    CHECK(*added);
    CHECK(on.of->started.value() == 1);
    const auto report = on.app.stop();
    CHECK(report.left == std::vector<std::string>{"app/manager/initializer"});
    CHECK(on.of->ended.value() == 1);
  }

  TEST_CASE("a call above initializer_timeout counts as failed, and the next call runs") {
    hanging on{1ms};
    REQUIRE(on.of->started.wait_for(1));
    CHECK(on.calls->value() == 2);
  }

  TEST_CASE("a killed manager whose initializer hangs is replaced, and its children keep running") {
    hanging on;
    REQUIRE(on.calls->wait_for(1));
    const auto added = call<child_result>(on.app.system(), on.app.find("manager"), patience(),
                                          start_child{test::child("b", on.of)});
    REQUIRE(added);
    kill(on.app.find("manager").resolve());
    REQUIRE(on.calls->wait_for(2));
    CHECK(call<void>(on.app.system(), on.app.find("manager"), patience(), await_ready{}));
    CHECK(on.of->started.value() == 2);
    CHECK(on.of->ended.value() == 0);
  }
}
