#include <ottla/supervision/supervisor_spec.hpp>

#include "support/child_specs.hpp"
#include "support/tree.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

TEST_SUITE("supervisor: restart") {
  TEST_CASE("a supervisor with one_for_one restarts only the child that died") {
    stage on;
    on.start(
      supervisor_spec{.id = "top", .children = {on.child("a"), on.child("b"), on.child("c")}});
    on.happened();
    on.tell("b", crash{"x"});
    CHECK(on.happened() == "end b, start b");
  }

  TEST_CASE(
    "a supervisor with one_for_all stops the other children in reverse and starts all in order") {
    stage on;
    on.start(supervisor_spec{.id = "top",
                             .strategy = strategy::one_for_all,
                             .children = {on.child("a"), on.child("b"), on.child("c")}});
    on.happened();
    on.tell("b", crash{"x"});
    CHECK(on.happened() == "end b, end c, end a, start a, start b, start c");
  }

  TEST_CASE(
    "a supervisor with rest_for_one stops later children in reverse and starts the rest in order") {
    stage on;
    on.start(supervisor_spec{.id = "top",
                             .strategy = strategy::rest_for_one,
                             .children = {on.child("a"), on.child("b"), on.child("c")}});
    on.happened();
    on.tell("b", crash{"x"});
    CHECK(on.happened() == "end b, end c, start b, start c");
  }

  TEST_CASE("in a group's restart, each child starts after the init of the previous one") {
    stage on;
    on.start(supervisor_spec{
      .id = "top",
      .strategy = strategy::rest_for_one,
      .children = {on.child("a", {init_does::succeed, init_does::defer}), on.child("b")}});
    on.happened();
    on.tell("a", crash{"x"});
    CHECK(on.happened() == "end a, end b, start a");
    on.tell("a", be_ready{});
    CHECK(on.happened() == "start b");
  }

  TEST_CASE("a permanent child is restarted however it ended") {
    for (const auto& reason : {exit_reason::normal(), exit_reason::shutdown(),
                               exit_reason::shutdown("done"), exit_reason::crashed("x")}) {
      stage on;
      on.start(supervisor_spec{.id = "top", .children = {on.child("a")}});
      on.happened();
      on.tell("a", finish{reason});
      CHECK(on.happened() == "end a, start a");
    }
  }

  TEST_CASE("a transient child stays down after an orderly end, and is kept") {
    for (const auto& reason :
         {exit_reason::normal(), exit_reason::shutdown(), exit_reason::shutdown("done")}) {
      stage on;
      const auto& top = on.start(
        supervisor_spec{.id = "top", .children = {with(on.child("a"), restart_policy::transient)}});
      on.happened();
      on.tell("a", finish{reason});
      CHECK(on.happened() == "end a");
      CHECK(drawn(on, top.process) == "top  up\n└─ a  down\n");
    }
  }

  TEST_CASE("a transient child is restarted after a crash or a kill") {
    stage on;
    on.start(
      supervisor_spec{.id = "top", .children = {with(on.child("a"), restart_policy::transient)}});
    on.happened();
    on.tell("a", crash{"x"});
    CHECK(on.happened() == "end a, start a");
    on.end_abruptly(on.process("a"));
    CHECK(on.happened() == "end a, start a");
  }

  TEST_CASE("a temporary child is never restarted, and is forgotten") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {with(on.child("a"), restart_policy::temporary), on.child("b")}});
    on.happened();
    on.tell("a", crash{"x"});
    CHECK(on.happened() == "end a");
    CHECK(drawn(on, top.process) == "top  up\n└─ b  up\n");
  }

  TEST_CASE("a temporary child that a sibling's crash stops is forgotten") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .strategy = strategy::one_for_all,
      .children = {on.child("a"), with(on.child("b"), restart_policy::temporary), on.child("c")}});
    on.happened();
    on.tell("a", crash{"x"});
    CHECK(on.happened() == "end a, end c, end b, start a, start c");
    CHECK(drawn(on, top.process) == "top  up\n├─ a  up, 1 restarts\n└─ c  up, 1 restarts\n");
  }

  TEST_CASE("a group's restart starts a transient child that had ended") {
    stage on;
    on.start(
      supervisor_spec{.id = "top",
                      .strategy = strategy::one_for_all,
                      .children = {on.child("a"), with(on.child("b"), restart_policy::transient)}});
    on.tell("b", finish{});
    on.happened();
    on.tell("a", crash{"x"});
    CHECK(on.happened() == "end a, start a, start b");
  }

  TEST_CASE(
    "a supervisor that exceeds its restart limit stops all children and ends with the cause") {
    stage on;
    const auto& top = on.start(supervisor_spec{.id = "top",
                                               .restarts = {.at_most = 2, .within = 5s},
                                               .children = {on.child("a"), on.child("b")}});
    on.tell("a", crash{"x"});
    on.tell("a", crash{"x"});
    on.happened();
    CHECK(top.up());
    on.tell("a", crash{"last"});
    CHECK(on.happened() == "end a, end b");
    CHECK(top.ended
          == exit_reason::shutdown("more than 2 restarts within 5000 ms; child \"a\" ended last: "
                                   "crashed: last"));
    CHECK(on.count(process_event::kind::gave_up) == 1);
  }

  TEST_CASE("restarts that are further apart than the period never exceed a limit of one restart") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .restarts = {.at_most = 1, .within = 5s}, .children = {on.child("a")}});
    for (int crashes = 0; crashes < 1000; ++crashes) {
      on.time.advance(5s + 1ns);
      on.tell("a", crash{"x"});
    }
    CHECK(top.up());
    CHECK(drawn(on, top.process) == "top  up\n└─ a  up, 1000 restarts\n");
  }

  TEST_CASE("a failed restart is retried and counted each time") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .restarts = {.at_most = 3, .within = 5s},
      .children = {on.child("a", {init_does::succeed, init_does::fail, init_does::fail})}});
    on.happened();
    on.tell("a", crash{"x"});
    CHECK(on.happened() == "end a, start a, end a, start a, end a, start a");
    CHECK(top.up());
    CHECK(on.count(process_event::kind::start_failed) == 2);
  }

  TEST_CASE("failed restarts past the limit end the supervisor") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .restarts = {.at_most = 2, .within = 5s},
      .children
      = {on.child("a", {init_does::succeed, init_does::fail, init_does::fail, init_does::fail})}});
    on.tell("a", crash{"x"});
    CHECK(top.ended
          == exit_reason::shutdown("more than 2 restarts within 5000 ms; child \"a\" ended last: "
                                   "crashed: no luck"));
  }

  TEST_CASE("each exception of a start function in a restart counts towards the restart limit") {
    stage on;
    auto starts = std::make_shared<int>(0);
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .children = {{.id = "a", .start = [starts, real = on.child("a").start](start_context how) {
                      if (++*starts > 1)
                        throw std::runtime_error{"no memory"};
                      return real(std::move(how));
                    }}}});
    on.tell("a", crash{"x"});
    CHECK(*starts == 4);
    CHECK(top.ended
          == exit_reason::shutdown("more than 3 restarts within 5000 ms; child \"a\" ended last: "
                                   "crashed: no memory"));
  }

  TEST_CASE("under rest_for_one, a group's failed restart resumes at the child that failed") {
    stage on;
    on.start(supervisor_spec{
      .id = "top",
      .strategy = strategy::rest_for_one,
      .children
      = {on.child("a"), on.child("b", {init_does::succeed, init_does::fail}), on.child("c")}});
    on.happened();
    on.tell("a", crash{"x"});
    CHECK(on.happened() == "end a, end c, end b, start a, start b, end b, start b, start c");
  }

  TEST_CASE(
    "under one_for_all, a failed restart stops the children that were restarted before it") {
    stage on;
    on.start(supervisor_spec{
      .id = "top",
      .strategy = strategy::one_for_all,
      .children = {on.child("a"), on.child("b", {init_does::succeed, init_does::fail})}});
    on.happened();
    on.tell("a", crash{"x"});
    CHECK(on.happened() == "end a, end b, start a, start b, end b, end a, start a, start b");
  }

  TEST_CASE("a supervisor shuts down while a restart is pending") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .children = {on.child("a"), on.child("b", {init_does::succeed, init_does::defer})}});
    on.tell("b", crash{"x"});
    on.happened();
    on.ask_to_end(top.process);
    CHECK(on.happened() == "end b, end a");
    CHECK(top.ended == exit_reason::shutdown());
  }

  TEST_CASE("a supervisor shuts down between two tries of a restart that always fails") {
    stage on;
    auto spec = on.child("a");
    const auto& top = on.start(
      supervisor_spec{.id = "top",
                      .restarts = {.at_most = 1'000'000, .within = 5s},
                      .children = {{.id = "a",
                                    .start = [real = spec.start, started = std::make_shared<bool>(),
                                              top = std::make_shared<caf::actor_addr>(),
                                              tries = std::make_shared<int>()](start_context how) {
                                      if (!std::exchange(*started, true)) {
                                        *top = how.process.starter.address();
                                        return real(std::move(how));
                                      }
                                      if (++*tries == 100)
                                        request_exit(caf::actor_cast<caf::actor>(*top),
                                                     to_error(exit_reason::shutdown()));
                                      return caf::actor{};
                                    }}}});
    on.tell("a", crash{"x"});
    CHECK(top.ended == exit_reason::shutdown());
  }

  TEST_CASE("two children that die together are both restarted") {
    stage on;
    const auto& top
      = on.start(supervisor_spec{.id = "top", .children = {on.child("a"), on.child("b")}});
    on.happened();
    kill(on.process("a"));
    kill(on.process("b"));
    on.time.run();
    CHECK(drawn(on, top.process) == "top  up\n├─ a  up, 1 restarts\n└─ b  up, 1 restarts\n");
  }

  TEST_CASE("a member that dies while its group stops does not count as a second restart") {
    stage on;
    const auto& top
      = on.start(supervisor_spec{.id = "top",
                                 .strategy = strategy::one_for_all,
                                 .restarts = {.at_most = 1, .within = 5s},
                                 .children = {on.child("a"), on.child("b"), on.deaf_child("c")}});
    on.tell("a", crash{"x"});
    on.tell("b", crash{"y"});
    on.tell("c", finish{});
    CHECK(top.up());
    CHECK(drawn(on, top.process)
          == "top  up\n├─ a  up, 1 restarts\n├─ b  up, 1 restarts\n└─ c  up, 1 restarts\n");
  }

  TEST_CASE("a restarted child has its name again") {
    stage on;
    on.start(supervisor_spec{.id = "top", .children = {named(on.child("a"), "x")}});
    CHECK(on.is_replaced_after_kill("x"));
  }

  TEST_CASE("the observer gets each event with the child's path and reason") {
    stage on;
    on.start(supervisor_spec{
      .id = "top", .children = {supervisor_spec{.id = "mid", .children = {on.child("a")}}}});
    on.events->clear();
    on.tell("a", crash{"x"});
    REQUIRE(on.events->size() == 3);
    using kind = process_event::kind;
    CHECK(on.events->at(0).what == kind::ended);
    CHECK(on.events->at(0).path == "top/mid/a");
    CHECK(on.events->at(0).reason == exit_reason::crashed("x"));
    CHECK(on.events->at(1).what == kind::restarting);
    CHECK(on.events->at(1).restarts == 1);
    CHECK(on.events->at(2).what == kind::started);
  }
}
