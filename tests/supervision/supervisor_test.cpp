#include "support/tree.hpp"

#include <ottla/supervision/supervisor.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

child_spec with(child_spec spec, restart_policy restart) {
  spec.restart = restart;
  return spec;
}

child_spec with(child_spec spec, shutdown_policy shutdown) {
  spec.shutdown = shutdown;
  return spec;
}

child_spec significant(child_spec spec, restart_policy restart) {
  spec.restart = restart;
  spec.significant = true;
  return spec;
}

child_spec named(child_spec spec, std::string name) {
  spec.name = std::move(name);
  return spec;
}

} // namespace

TEST_SUITE("supervisor: start") {
  TEST_CASE("children start in order, and its own start is done after theirs") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {on.child("a"), on.child("b", {init_does::defer}), on.child("c")}});
    CHECK(on.happened() == "start a, start b");
    CHECK_FALSE(top.answer);
    on.tell("b", be_ready{});
    CHECK(on.happened() == "start c");
    CHECK(top.up());
  }

  TEST_CASE("without children it is up at once") {
    stage on;
    CHECK(on.start(supervisor_spec{.id = "top"}).up());
  }

  TEST_CASE("a failed start stops those started in reverse and names child and cause") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .children = {on.child("a"), on.child("b"), on.child("c", {init_does::fail}), on.child("d")}});
    CHECK(on.happened() == "start a, start b, start c, end c, end b, end a");
    CHECK(top.ended == exit_reason::shutdown("failed to start child \"c\": no luck"));
    REQUIRE(top.answer);
    CHECK(top.answer->result == process_started::outcome::failed);
    CHECK(top.failure() == "shutdown: failed to start child \"c\": no luck");
  }

  TEST_CASE("a child that dies during a deferred start has failed to start") {
    stage on;
    const auto& top = on.start(
      supervisor_spec{.id = "top", .children = {on.child("a", {init_does::defer})}});
    on.end_abruptly(on.process("a"));
    CHECK(top.failure() == "shutdown: failed to start child \"a\": killed");
  }

  TEST_CASE("a child that stops in init has failed to start") {
    stage on;
    const auto& top
      = on.start(supervisor_spec{.id = "top", .children = {on.child("a", {init_does::stop})}});
    CHECK(top.failure()
          == "shutdown: failed to start child \"a\": shutdown: not today");
  }

  TEST_CASE("a start function that throws is a failed start with its text") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .children = {on.child("a"), {.id = "b", .start = [](start_context) -> caf::actor {
                                     throw std::runtime_error{"no memory"};
                                   }}}});
    CHECK(top.failure() == "shutdown: failed to start child \"b\": no memory");
    CHECK(on.happened() == "start a, end a");
  }

  TEST_CASE("one that returns no process is a failed start too") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .children = {{.id = "b", .start = [](start_context) { return caf::actor{}; }}}});
    CHECK(top.failure()
          == "shutdown: failed to start child \"b\": the start function returned no process");
  }

  TEST_CASE("a child that ignores is kept without a process, a temporary one is forgotten") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .children = {on.child("a", {init_does::ignore}),
                   with(on.child("b", {init_does::ignore}), restart_policy::temporary)}});
    CHECK(top.up());
    CHECK(drawn(on, top.process) == "top  up\n└─ a  down\n");
  }

  TEST_CASE("a bad spec fails before anything starts, all that is wrong in one text") {
    stage on;
    const auto& top = on.start(
      supervisor_spec{.id = "top", .children = {on.child("a"), on.child("a"), {.id = "c"}}});
    CHECK(top.failure()
          == "supervisor \"top\": two children with id \"a\"; child \"c\": no start function");
    CHECK(on.happened() == "");
  }

  TEST_CASE("a child whose name is taken fails and the text has the name") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {named(on.child("a"), "x"), named(on.child("b"), "x")}});
    CHECK(top.failure()
          == "shutdown: failed to start child \"b\": already started: the name \"x\" is taken");
  }

  TEST_CASE("a shutdown while a child is starting stops all that were, and fails the start") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {on.child("a"), on.child("b", {init_does::defer}), on.child("c")}});
    on.ask_to_end(top.process);
    CHECK(on.happened() == "start a, start b, end b, end a");
    CHECK(top.ended == exit_reason::shutdown());
  }

  TEST_CASE("a child that dies while later ones are starting is started again after them") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {on.child("a"), on.child("b", {init_does::defer})}});
    on.tell("a", crash{"early"});
    CHECK(on.happened() == "start a, start b, end a");
    on.tell("b", be_ready{});
    CHECK(on.happened() == "start a");
    CHECK(top.up());
  }
}

TEST_SUITE("supervisor: stop") {
  TEST_CASE("children stop in reverse, each after the one started later is gone") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {on.child("a"), on.child("b"), on.child("c")}});
    on.happened();
    on.ask_to_end(top.process);
    CHECK(on.happened() == "end c, end b, end a");
    CHECK(top.ended == exit_reason::shutdown());
  }

  TEST_CASE("a deaf child is killed when its time has passed, and not before") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {on.child("a"), with(on.deaf_child("b"), 3s)}});
    on.happened();
    on.ask_to_end(top.process);
    on.time.advance(3s - 1ms);
    CHECK(on.happened() == "deaf b");
    on.time.advance(1ms);
    CHECK(on.happened() == "end b, end a");
    CHECK(top.ended == exit_reason::shutdown());
  }

  TEST_CASE("a worker has five seconds unless it is said otherwise") {
    stage on;
    const auto& top = on.start(supervisor_spec{.id = "top", .children = {on.deaf_child("a")}});
    on.ask_to_end(top.process);
    on.time.advance(5s - 1ms);
    CHECK_FALSE(top.ended);
    on.time.advance(1ms);
    CHECK(top.ended);
  }

  TEST_CASE("infinity waits as long as it takes") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {with(on.deaf_child("a"), shutdown_policy::infinity())}});
    on.ask_to_end(top.process);
    on.time.advance(std::chrono::hours{1000});
    CHECK_FALSE(top.ended);
    on.end_abruptly(on.process("a"));
    CHECK(top.ended == exit_reason::shutdown());
  }

  TEST_CASE("the longest time that can be said does not overflow") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .children = {with(on.deaf_child("a"), std::chrono::nanoseconds::max() - 1ns)}});
    on.ask_to_end(top.process);
    on.time.advance(std::chrono::hours{1000});
    CHECK_FALSE(top.ended);
  }

  TEST_CASE("brutal_kill asks nobody") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {with(on.deaf_child("a"), shutdown_policy::brutal_kill())}});
    on.happened();
    on.ask_to_end(top.process);
    CHECK(on.happened() == "end a");
    CHECK(top.ended);
  }

  TEST_CASE("a child that dies by itself meanwhile holds nothing up") {
    stage on;
    const auto& top = on.start(
      supervisor_spec{.id = "top", .children = {on.child("a"), on.deaf_child("b")}});
    on.happened();
    on.ask_to_end(top.process);
    on.tell("a", crash{"bye"});
    on.tell("b", finish{});
    CHECK(on.happened() == "deaf b, end a, end b");
    CHECK(top.ended == exit_reason::shutdown());
  }

  TEST_CASE("killed, it takes all its children along") {
    stage on;
    const auto& top
      = on.start(supervisor_spec{.id = "top", .children = {on.child("a"), on.deaf_child("b")}});
    on.happened();
    // Held here, they do not end for want of a holder.
    const auto held = {on.process("a"), on.process("b")};
    on.end_abruptly(top.process);
    CHECK(top.ended == exit_reason::killed());
    CHECK(on.happened() == "end a, end b");
    CHECK(held.size() == 2);
  }

  TEST_CASE("killed while a child is starting, it takes that along too") {
    stage on;
    const auto& top = on.start(
      supervisor_spec{.id = "top", .children = {on.child("a"), on.child("b", {init_does::defer})}});
    on.happened();
    const auto held = {on.process("a"), on.process("b")};
    on.end_abruptly(top.process);
    CHECK(on.happened() == "end a, end b");
    CHECK(held.size() == 2);
  }
}

TEST_SUITE("supervisor: restart") {
  TEST_CASE("one_for_one starts only the one that died") {
    stage on;
    on.start(supervisor_spec{.id = "top", .children = {on.child("a"), on.child("b"), on.child("c")}});
    on.happened();
    on.tell("b", crash{"x"});
    CHECK(on.happened() == "end b, start b");
  }

  TEST_CASE("one_for_all stops the others in reverse, then starts all in order") {
    stage on;
    on.start(supervisor_spec{.id = "top",
                             .strategy = strategy::one_for_all,
                             .children = {on.child("a"), on.child("b"), on.child("c")}});
    on.happened();
    on.tell("b", crash{"x"});
    CHECK(on.happened() == "end b, end c, end a, start a, start b, start c");
  }

  TEST_CASE("rest_for_one does that with those that were started later") {
    stage on;
    on.start(supervisor_spec{.id = "top",
                             .strategy = strategy::rest_for_one,
                             .children = {on.child("a"), on.child("b"), on.child("c")}});
    on.happened();
    on.tell("b", crash{"x"});
    CHECK(on.happened() == "end b, end c, start b, start c");
  }

  TEST_CASE("in a group each waits for the former's init") {
    stage on;
    on.start(supervisor_spec{.id = "top",
                             .strategy = strategy::rest_for_one,
                             .children = {on.child("a", {init_does::succeed, init_does::defer}),
                                          on.child("b")}});
    on.happened();
    on.tell("a", crash{"x"});
    CHECK(on.happened() == "end a, end b, start a");
    on.tell("a", be_ready{});
    CHECK(on.happened() == "start b");
  }

  TEST_CASE("a permanent child is started again however it ended") {
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
      const auto& top = on.start(supervisor_spec{
        .id = "top", .children = {with(on.child("a"), restart_policy::transient)}});
      on.happened();
      on.tell("a", finish{reason});
      CHECK(on.happened() == "end a");
      CHECK(drawn(on, top.process) == "top  up\n└─ a  down\n");
    }
  }

  TEST_CASE("a transient child is started again after a crash or a kill") {
    stage on;
    on.start(supervisor_spec{.id = "top",
                             .children = {with(on.child("a"), restart_policy::transient)}});
    on.happened();
    on.tell("a", crash{"x"});
    CHECK(on.happened() == "end a, start a");
    on.end_abruptly(on.process("a"));
    CHECK(on.happened() == "end a, start a");
  }

  TEST_CASE("a temporary child is never started again, and is forgotten") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {with(on.child("a"), restart_policy::temporary), on.child("b")}});
    on.happened();
    on.tell("a", crash{"x"});
    CHECK(on.happened() == "end a");
    CHECK(drawn(on, top.process) == "top  up\n└─ b  up\n");
  }

  TEST_CASE("a temporary child that a sibling's crash takes along is forgotten too") {
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

  TEST_CASE("a group restart brings back a transient child that had ended") {
    stage on;
    on.start(supervisor_spec{.id = "top",
                             .strategy = strategy::one_for_all,
                             .children = {on.child("a"),
                                          with(on.child("b"), restart_policy::transient)}});
    on.tell("b", finish{});
    on.happened();
    on.tell("a", crash{"x"});
    CHECK(on.happened() == "end a, start a, start b");
  }

  TEST_CASE("one restart too many stops all children and ends it with shutdown and the cause") {
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
          == exit_reason::shutdown("more than 2 restarts within 5000 ms, the last of child \"a\": "
                                   "crashed: last"));
    CHECK(on.count(process_event::kind::gave_up) == 1);
  }

  TEST_CASE("restarts that are far enough apart go on for ever") {
    stage on;
    const auto& top = on.start(supervisor_spec{.id = "top",
                                               .restarts = {.at_most = 1, .within = 5s},
                                               .children = {on.child("a")}});
    for (int crashes = 0; crashes < 1000; ++crashes) {
      on.time.advance(5s + 1ns);
      on.tell("a", crash{"x"});
    }
    CHECK(top.up());
    CHECK(drawn(on, top.process) == "top  up\n└─ a  up, 1000 restarts\n");
  }

  TEST_CASE("a failed restart is tried again and counted each time") {
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

  TEST_CASE("failed restarts past the limit end it") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .restarts = {.at_most = 2, .within = 5s},
      .children = {on.child("a", {init_does::succeed, init_does::fail, init_does::fail,
                                  init_does::fail})}});
    on.tell("a", crash{"x"});
    CHECK(top.ended
          == exit_reason::shutdown("more than 2 restarts within 5000 ms, the last of child \"a\": "
                                   "crashed: no luck"));
  }

  TEST_CASE("a start function that fails at each restart counts, too") {
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
          == exit_reason::shutdown("more than 3 restarts within 5000 ms, the last of child \"a\": "
                                   "crashed: no memory"));
  }

  TEST_CASE("a restart that fails in a group begins again with the one that failed") {
    stage on;
    on.start(supervisor_spec{
      .id = "top",
      .strategy = strategy::rest_for_one,
      .children = {on.child("a"), on.child("b", {init_does::succeed, init_does::fail}),
                   on.child("c")}});
    on.happened();
    on.tell("a", crash{"x"});
    CHECK(on.happened() == "end a, end c, end b, start a, start b, end b, start b, start c");
  }

  TEST_CASE("a restart that fails under one_for_all stops those that came up before it") {
    stage on;
    on.start(supervisor_spec{
      .id = "top",
      .strategy = strategy::one_for_all,
      .children = {on.child("a"), on.child("b", {init_does::succeed, init_does::fail})}});
    on.happened();
    on.tell("a", crash{"x"});
    CHECK(on.happened()
          == "end a, end b, start a, start b, end b, end a, start a, start b");
  }

  TEST_CASE("a shutdown gets in while a restart is pending") {
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

  TEST_CASE("a shutdown gets in between two tries of a restart that always fails") {
    stage on;
    auto spec = on.child("a");
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .restarts = {.at_most = 1'000'000, .within = 5s},
      .children = {{.id = "a", .start = [real = spec.start, started = std::make_shared<bool>(),
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

  TEST_CASE("two that die together are both started again") {
    stage on;
    const auto& top
      = on.start(supervisor_spec{.id = "top", .children = {on.child("a"), on.child("b")}});
    on.happened();
    kill(on.process("a"));
    kill(on.process("b"));
    on.time.run();
    CHECK(drawn(on, top.process) == "top  up\n├─ a  up, 1 restarts\n└─ b  up, 1 restarts\n");
  }

  TEST_CASE("one that dies while its group is being stopped is not counted twice") {
    stage on;
    const auto& top = on.start(supervisor_spec{.id = "top",
                                               .strategy = strategy::one_for_all,
                                               .restarts = {.at_most = 1, .within = 5s},
                                               .children = {on.child("a"), on.child("b"),
                                                            on.deaf_child("c")}});
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
    const auto first = on.names->whereis("x");
    on.end_abruptly(first);
    CHECK(on.names->whereis("x"));
    CHECK(on.names->whereis("x") != first);
  }

  TEST_CASE("the observer is told of each step with path and reason") {
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

TEST_SUITE("supervisor: auto_shutdown") {
  TEST_CASE("any_significant: the first significant child's own end ends it") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .when_done = auto_shutdown::any_significant,
      .children = {on.child("a"), significant(on.child("b"), restart_policy::transient),
                   significant(on.child("c"), restart_policy::transient)}});
    on.happened();
    on.tell("b", finish{});
    CHECK(on.happened() == "end b, end c, end a");
    CHECK(top.ended == exit_reason::shutdown());
  }

  TEST_CASE("all_significant: only the last one's") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .when_done = auto_shutdown::all_significant,
      .children = {on.child("a"), significant(on.child("b"), restart_policy::transient),
                   significant(on.child("c"), restart_policy::temporary)}});
    on.tell("b", finish{});
    CHECK(top.up());
    on.tell("c", crash{"x"});
    CHECK(top.ended == exit_reason::shutdown());
  }

  TEST_CASE("all_significant: one that is being restarted is not done") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .when_done = auto_shutdown::all_significant,
      .children = {on.child("a", {init_does::succeed, init_does::defer}),
                   significant(on.child("b"), restart_policy::transient),
                   significant(on.child("c"), restart_policy::transient)}});
    on.tell("a", crash{"x"});
    on.tell("b", crash{"waits for a"});
    on.tell("c", finish{});
    CHECK(top.up());
    on.tell("a", be_ready{});
    CHECK(on.process("b"));
  }

  TEST_CASE("a crash of a transient significant child is a restart, not an end") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .when_done = auto_shutdown::any_significant,
      .children = {significant(on.child("a"), restart_policy::transient)}});
    on.tell("a", crash{"x"});
    CHECK(top.up());
    CHECK(on.process("a"));
  }

  TEST_CASE("never: nobody's end ends it") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {with(on.child("a"), restart_policy::transient)}});
    on.tell("a", finish{});
    CHECK(top.up());
  }
}

TEST_SUITE("supervisor: trees") {
  TEST_CASE("one that gives up is restarted by the one above, children and all") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .children = {supervisor_spec{.id = "mid",
                                   .restarts = {.at_most = 0, .within = 5s},
                                   .children = {on.child("a"), on.child("b")}}}});
    on.happened();
    on.tell("a", crash{"x"});
    CHECK(on.happened() == "end a, end b, start a, start b");
    CHECK(drawn(on, top.process)
          == "top  up\n└─ mid  up, 1 restarts\n   ├─ a  up\n   └─ b  up\n");
  }

  TEST_CASE("a killed supervisor leaves no orphan, and the new children start after the old ended") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .children = {supervisor_spec{
        .id = "mid",
        .children = {on.child("a"),
                     supervisor_spec{.id = "low", .children = {on.child("b"), on.child("c")}}}}}});
    on.happened();
    const auto tree = ask<tree_node>(on, top.process, describe_tree{});
    const auto a = on.process("a");
    const auto c = on.process("c");
    // They see the kill late.
    on.time.hang(a);
    on.time.hang(c);
    on.end_abruptly(tree.answer->children.at(0).process);
    CHECK(on.happened() == "end b");
    on.time.wake(a);
    on.time.run();
    CHECK(on.happened() == "end a");
    on.time.wake(c);
    on.time.run();
    CHECK(on.happened() == "end c, start a, start b, start c");
  }

  TEST_CASE("an orphan that hangs is fenced off and its name is free for the replacement") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .children = {supervisor_spec{.id = "mid", .children = {named(on.child("a"), "x")}}}});
    const auto tree = ask<tree_node>(on, top.process, describe_tree{});
    const auto stuck = on.process("a");
    on.time.hang(stuck);
    on.end_abruptly(tree.answer->children.at(0).process);
    on.time.advance(2s - 1ms);
    CHECK(on.count(process_event::kind::fenced) == 0);
    on.time.advance(1ms);
    CHECK(on.count(process_event::kind::fenced) == 1);
    CHECK(top.up());
    CHECK(on.names->whereis("x"));
    CHECK(on.names->whereis("x") != stuck);
  }

  TEST_CASE("killed from the top down, everything is gone") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .children = {supervisor_spec{
        .id = "mid",
        .children = {on.child("a"), supervisor_spec{.id = "low", .children = {on.child("b")}}}}}});
    on.happened();
    const auto held = {on.process("a"), on.process("b")};
    on.end_abruptly(top.process);
    CHECK(std::none_of(held.begin(), held.end(), is_alive));
  }

  TEST_CASE("a shutdown goes all the way down before it comes up again") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .children = {on.child("a"),
                   supervisor_spec{.id = "mid", .children = {on.child("b"), on.child("c")}},
                   on.child("d")}});
    on.happened();
    on.ask_to_end(top.process);
    CHECK(on.happened() == "end d, end c, end b, end a");
    CHECK(top.ended == exit_reason::shutdown());
  }

  TEST_CASE("a start that fails deep down fails all the way up with the whole story") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .children = {on.child("a"),
                   supervisor_spec{.id = "mid", .children = {on.child("b", {init_does::fail})}}}});
    CHECK(top.failure()
          == "shutdown: failed to start child \"mid\": shutdown: failed to start child \"b\": no "
             "luck");
    CHECK(on.happened() == "start a, start b, end b, end a");
  }

  TEST_CASE("the tree is told with a restarting child as restarting") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .children = {on.child("a", {init_does::succeed, init_does::defer}), on.child("b")}});
    on.tell("a", crash{"x"});
    on.tell("b", crash{"x"});
    CHECK(drawn(on, top.process) == "top  up\n├─ a  starting, 1 restarts\n└─ b  restarting\n");
  }

  TEST_CASE("a supervisor that hangs does not hide the rest of the tree") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .children = {supervisor_spec{
        .id = "mid",
        .children = {on.child("a"), supervisor_spec{.id = "low", .children = {on.child("b")}}}}}});
    const auto whole = ask<tree_node>(on, top.process, describe_tree{});
    const auto low = whole.answer->children.at(0).children.at(1);
    REQUIRE(low.id == "low");
    CHECK(low.path == "top/mid/low");
    on.time.hang(low.process);
    const auto tree = ask_later<tree_node>(on, top.process, describe_tree{});
    on.time.advance(1s);
    REQUIRE(tree->answer);
    CHECK(draw(*tree->answer) == "top  up\n└─ mid  up\n   ├─ a  up\n   └─ low  up\n");
    on.time.wake(low.process);
  }
}

TEST_SUITE("supervisor: a child that hangs") {
  TEST_CASE("is fenced off after its time and the grace, and the supervisor's stop ends") {
    stage on;
    const auto& top
      = on.start(supervisor_spec{.id = "top", .children = {on.child("a"), on.child("b")}});
    on.happened();
    on.time.hang(on.process("b"));
    on.ask_to_end(top.process);
    on.time.advance(7s - 1ms);
    CHECK_FALSE(top.ended);
    on.time.advance(1ms);
    CHECK(on.happened() == "end a");
    CHECK(top.ended == exit_reason::shutdown());
    REQUIRE(on.count(process_event::kind::fenced) == 1);
  }

  TEST_CASE("under brutal_kill only the grace is waited for") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {with(on.child("a"), shutdown_policy::brutal_kill())}});
    on.time.hang(on.process("a"));
    on.ask_to_end(top.process);
    on.time.advance(2s);
    CHECK(top.ended == exit_reason::shutdown());
  }

  TEST_CASE("in a group is fenced and replaced, under its name") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .strategy = strategy::one_for_all,
      .children = {on.child("a"), with(named(on.child("b"), "x"), 1s)}});
    const auto stuck = on.process("b");
    on.time.hang(stuck);
    on.tell("a", crash{"x"});
    on.time.advance(3s);
    CHECK(top.up());
    CHECK(on.names->whereis("x"));
    CHECK(on.names->whereis("x") != stuck);
    // The old one's end is nobody's business any more.
    on.happened();
    on.time.wake(stuck);
    on.time.run();
    CHECK(on.happened() == "end b");
    CHECK(top.up());
  }

  TEST_CASE("in its init does not hold up a stop for longer than that") {
    stage on;
    auto spec = on.child("a");
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {{.id = "a", .start = [&on, real = spec.start](start_context how) {
                                   auto process = real(std::move(how));
                                   on.time.hang(process);
                                   return process;
                                 }}}});
    CHECK_FALSE(top.answer);
    on.ask_to_end(top.process);
    on.time.advance(7s);
    CHECK(top.ended == exit_reason::shutdown());
  }
}
