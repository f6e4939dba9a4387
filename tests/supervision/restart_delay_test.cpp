#include <ottla/actors/process.hpp>
#include <ottla/supervision/dynamic_supervisor_spec.hpp>
#include <ottla/supervision/supervisor_requests.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include "support/child_specs.hpp"
#include "support/delayed_child.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

supervision_errc error_of(const inquiry<child_result>& asked) {
  return asked.answer.value().error;
}

/// Restarts a child by requests. The restarted child then fails.
void restart_and_crash(stage& on, const caf::actor& supervisor, const std::string& id) {
  ask<child_result>(on, supervisor, terminate_child{.id = id});
  ask<child_result>(on, supervisor, restart_child{id});
  on.tell(id, crash{"x"});
}

} // namespace

TEST_SUITE("restart_delay") {
  TEST_CASE("consecutive failures lengthen the restart delay up to `longest`, and a healthy run "
            "resets it") {
    stage on;
    const auto& top = on.start(
      supervisor_spec{.id = "top", .restarts = many, .children = {delayed(on.child("a"))}});
    for (const auto delay : {1s, 2s, 4s, 4s}) {
      on.happened();
      on.tell("a", crash{"x"});
      on.time.advance(delay - 1ms);
      CHECK(on.happened() == "end a");
      CHECK(status_of(on, top.process, "a") == child_status::restarting);
      on.time.advance(1ms);
      CHECK(on.happened() == "start a");
    }
    on.time.advance(10s);
    on.tell("a", crash{"x"});
    on.time.advance(1s);
    CHECK(on.process("a"));
  }

  TEST_CASE("with one_for_one, a child's restart delay does not delay its siblings") {
    stage on;
    on.start(supervisor_spec{
      .id = "top", .restarts = many, .children = {delayed(on.child("a")), on.child("b")}});
    on.tell("a", crash{"x"});
    on.tell("b", crash{"x"});
    CHECK(on.process("b"));
    CHECK_FALSE(on.process("a"));
  }

  TEST_CASE("a failed init of a restart also lengthens the delay before the next try") {
    stage on;
    on.start(
      supervisor_spec{.id = "top",
                      .restarts = many,
                      .children = {delayed(on.child("a", {init_does::succeed, init_does::fail}))}});
    on.tell("a", crash{"x"});
    on.time.advance(1s);
    CHECK_FALSE(on.process("a"));
    on.time.advance(2s - 1ms);
    CHECK_FALSE(on.process("a"));
    on.time.advance(1ms);
    CHECK(on.process("a"));
  }

  TEST_CASE("a group stays stopped for the longest delay of its failed members") {
    stage on;
    const auto& top = on.start(
      top_of(strategy::rest_for_one, {delayed(on.child("a"), {.first = 100ms, .at_once = 0}),
                                      delayed(on.child("b")), on.child("c")}));
    on.happened();
    on.tell("b", crash{"x"});
    CHECK(on.happened() == "end b, end c");
    CHECK(status_of(on, top.process, "c") == child_status::restarting);
    on.tell("a", crash{"x"});
    on.time.advance(1s - 1ms);
    CHECK(on.happened() == "end a");
    on.time.advance(1ms);
    CHECK(on.happened() == "start a, start b, start c");
  }

  TEST_CASE("requests to restart, delete or start a waiting child are rejected") {
    stage on;
    const auto& top = on.start(
      supervisor_spec{.id = "top", .restarts = many, .children = {delayed(on.child("a"))}});
    on.tell("a", crash{"x"});
    CHECK(error_of(ask<child_result>(on, top.process, restart_child{"a"}))
          == supervision_errc::restarting);
    CHECK(error_of(ask<child_result>(on, top.process, delete_child{"a"}))
          == supervision_errc::restarting);
    CHECK(error_of(ask<child_result>(on, top.process, start_child{on.child("a")}))
          == supervision_errc::already_present);
  }

  TEST_CASE("while a group waits, requests to restart or delete its members fail, and other "
            "children can be restarted") {
    stage on;
    const auto& top
      = on.start(top_of(strategy::rest_for_one, {with(on.child("a"), restart_policy::transient),
                                                 delayed(on.child("b")), on.child("c")}));
    on.tell("a", finish{});
    on.tell("b", crash{"x"});
    for (const auto* id : {"b", "c"}) {
      CHECK(error_of(ask<child_result>(on, top.process, restart_child{id}))
            == supervision_errc::restarting);
      CHECK(error_of(ask<child_result>(on, top.process, delete_child{id}))
            == supervision_errc::restarting);
    }
    CHECK(ask<child_result>(on, top.process, restart_child{"a"}).answer->process);
    on.happened();
    on.time.advance(1s);
    CHECK(on.happened() == "start b, start c");
  }

  TEST_CASE("terminate_child cancels the delayed restart of a child") {
    stage on;
    const auto& top = on.start(
      supervisor_spec{.id = "top", .restarts = many, .children = {delayed(on.child("a"))}});
    on.tell("a", crash{"x"});
    on.happened();
    CHECK(*ask<child_result>(on, top.process, terminate_child{.id = "a"}).answer);
    on.time.advance(1h);
    CHECK(on.happened().empty());
    CHECK(status_of(on, top.process, "a") == child_status::down);
    CHECK(ask<child_result>(on, top.process, restart_child{"a"}).answer->process);
  }

  TEST_CASE("terminating the failed child cancels its group's restart, and terminating another "
            "member does not") {
    stage on;
    const auto spec
      = top_of(strategy::one_for_all, {delayed(on.child("a")), on.child("b"), on.child("c")});
    const auto& top = on.start(spec);
    on.tell("a", crash{"x"});
    on.happened();
    ask<child_result>(on, top.process, terminate_child{.id = "c"});
    on.time.advance(1s);
    CHECK(on.happened() == "start a, start b");
    on.tell("a", crash{"x"});
    on.happened();
    ask<child_result>(on, top.process, terminate_child{.id = "a"});
    on.time.advance(1h);
    CHECK(on.happened().empty());
    CHECK(status_of(on, top.process, "b") == child_status::down);
  }

  TEST_CASE("terminating the first failed child of a waiting group keeps the restart of a second "
            "failed child") {
    // A temporary first child is forgotten when the group stops, and does not restart with it.
    for (const auto first : {restart_policy::temporary, restart_policy::permanent}) {
      stage on;
      const auto& top
        = on.start(top_of(strategy::one_for_all,
                          {with(on.child("a"), first), delayed(on.child("b")), on.child("c")}));
      on.tell("b", crash{"x"});
      restart_and_crash(on, top.process, "c");
      ask<child_result>(on, top.process, terminate_child{.id = "b"});
      CHECK(status_of(on, top.process, "b") == child_status::down);
      CHECK(status_of(on, top.process, "c") == child_status::restarting);
      on.happened();
      on.time.advance(1s);
      const std::string of_a = first == restart_policy::temporary ? "" : "start a, ";
      CHECK(on.happened() == of_a + "start c");
    }
  }

  TEST_CASE("a later member that fails while its group waits starts with the group, in order") {
    stage on;
    const auto& top
      = on.start(top_of(strategy::rest_for_one,
                        {on.child("a"), delayed(on.child("b")), on.child("c"), on.child("d")}));
    on.tell("b", crash{"x"});
    restart_and_crash(on, top.process, "c");
    on.happened();
    on.time.advance(1s);
    CHECK(on.happened() == "start b, start c, start d");
  }

  TEST_CASE("a cancelled delay does not delay a later restart") {
    stage on;
    const auto& top
      = on.start(top_of(strategy::one_for_all,
                        {delayed(on.child("a")),
                         delayed(on.child("b"), {.first = 10ms, .at_once = 0}), on.child("c")}));
    on.tell("a", crash{"x"});
    for (const auto* id : {"a", "b", "c"}) {
      ask<child_result>(on, top.process, terminate_child{.id = id});
      ask<child_result>(on, top.process, restart_child{id});
    }
    on.tell("b", crash{"x"});
    restart_and_crash(on, top.process, "c");
    on.happened();
    on.time.advance(10ms);
    CHECK(on.happened() == "start a, start b, start c");
  }

  TEST_CASE("a stop of a supervisor does not wait for a restart delay") {
    stage on;
    const auto& top = on.start(
      supervisor_spec{.id = "top", .restarts = many, .children = {delayed(on.child("a"))}});
    on.tell("a", crash{"x"});
    on.ask_to_end(top.process);
    CHECK(top.ended == exit_reason::shutdown());
  }

  TEST_CASE("start_child during the delay of a group is served after the group has started") {
    stage on;
    const auto& top = on.start(top_of(strategy::one_for_all, {delayed(on.child("a"))}));
    on.tell("a", crash{"x"});
    const auto started = ask_later<child_result>(on, top.process, start_child{on.child("b")});
    on.time.run();
    CHECK_FALSE(started->answer);
    on.happened();
    on.time.advance(1s);
    CHECK(on.happened() == "start a, start b");
    CHECK(started->answer->process);
  }

  TEST_CASE("the tree's seed determines how much jitter shortens a restart delay") {
    const auto delay_with = [](std::uint64_t seed) {
      stage on;
      on.tree->seed = seed;
      on.start(supervisor_spec{
        .id = "top",
        .restarts = many,
        .children = {delayed(on.child("a"), {.first = 1s, .at_once = 0, .jitter = 0.5})}});
      on.tell("a", crash{"x"});
      return std::ranges::find(*on.events, process_event::decision::wait, &process_event::then)
        ->delay;
    };
    CHECK(delay_with(1) == delay_with(1));
    CHECK(delay_with(1) != delay_with(2));
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      CHECK(delay_with(seed) >= 500ms);
      CHECK(delay_with(seed) <= 1s);
    }
  }
}

TEST_SUITE("give_up_after") {
  TEST_CASE("a supervisor ends after give_up_after consecutive failures of a child, even if they "
            "are further apart than the restart limit's period") {
    stage on;
    auto spec = delayed(on.child("a"));
    spec.give_up_after = 3;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .restarts = {.at_most = 1, .within = 100ms}, .children = {spec}});
    for (int failures = 0; failures < 2; ++failures) {
      on.tell("a", crash{"x"});
      on.time.advance(4s);
      CHECK(top.up());
    }
    on.tell("a", crash{"x"});
    CHECK(
      top.ended
      == exit_reason::shutdown("child \"a\" failed 3 times in a row, the last time: crashed: x"));
  }

  TEST_CASE("a healthy run resets the failures that count towards give_up_after") {
    stage on;
    auto spec = on.child("a");
    spec.give_up_after = 2;
    const auto& top = on.start(supervisor_spec{.id = "top", .restarts = many, .children = {spec}});
    for (int failures = 0; failures < 5; ++failures) {
      on.time.advance(10s);
      on.tell("a", crash{"x"});
      CHECK(top.up());
    }
    on.tell("a", crash{"x"});
    CHECK(top.ended);
  }
}

TEST_SUITE("restart_delay: dynamic_supervisor") {
  TEST_CASE("a delayed child of a dynamic supervisor is listed as restarting until it restarts") {
    stage on;
    const auto& top = on.start(dynamic_supervisor_spec{.id = "top", .restarts = many});
    ask<child_result>(on, top.process, start_child{delayed(on.child("a"))});
    on.tell("a", crash{"x"});
    CHECK(status_of(on, top.process, "a") == child_status::restarting);
    const auto counts = ask<child_counts>(on, top.process, count_children{}).answer.value();
    CHECK(counts.specs == 1);
    CHECK(counts.active == 0);
    CHECK(counts.workers == 1);
    on.events->clear();
    on.time.advance(1s);
    CHECK(status_of(on, top.process, "a") == child_status::up);
    CHECK(on.events->at(0).what == process_event::kind::restarting);
    CHECK(on.events->at(0).reason == exit_reason::crashed("x"));
    on.tell("a", crash{"x"});
    on.time.advance(2s - 1ms);
    CHECK_FALSE(on.process("a"));
    on.time.advance(1ms);
    CHECK(on.process("a"));
  }

  TEST_CASE("terminate_child with the last process of a dynamic child cancels the child's delayed "
            "restart") {
    stage on;
    const auto& top = on.start(dynamic_supervisor_spec{.id = "top", .restarts = many});
    const auto child
      = ask<child_result>(on, top.process, start_child{delayed(on.child("a"))}).answer->process;
    on.tell("a", crash{"x"});
    CHECK(*ask<child_result>(on, top.process, terminate_child{.process = child}).answer);
    on.happened();
    on.time.advance(1h);
    CHECK(on.happened().empty());
    CHECK(ask<child_counts>(on, top.process, count_children{}).answer->specs == 0);
  }

  TEST_CASE("a dynamic supervisor stops without waiting for a delay, and ends after give_up_after "
            "failures") {
    stage on;
    const auto& top = on.start(dynamic_supervisor_spec{.id = "top", .restarts = many});
    ask<child_result>(on, top.process, start_child{delayed(on.child("a"))});
    on.tell("a", crash{"x"});
    on.ask_to_end(top.process);
    CHECK(top.ended == exit_reason::shutdown());

    const auto& other = on.start(dynamic_supervisor_spec{.id = "other", .restarts = many});
    auto spec = on.child("b");
    spec.give_up_after = 2;
    ask<child_result>(on, other.process, start_child{spec});
    on.tell("b", crash{"x"});
    CHECK(other.up());
    on.tell("b", crash{"x"});
    CHECK(
      other.ended
      == exit_reason::shutdown("child \"b\" failed 2 times in a row, the last time: crashed: x"));
  }
}
