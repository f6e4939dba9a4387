#include <ottla/actors/process.hpp>
#include <ottla/supervision/dynamic_supervisor_spec.hpp>
#include <ottla/supervision/supervisor_requests.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include "support/child_specs.hpp"
#include "support/tree.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

child_spec within_a_second(child_spec spec) {
  spec.start_timeout = 1s;
  return spec;
}

} // namespace

TEST_SUITE("start_timeout") {
  TEST_CASE("a first start that exceeds start_timeout fails, and earlier children stop") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .children = {on.child("a"), within_a_second(on.child("b", {init_does::defer}))}});
    on.time.advance(1s - 1ms);
    CHECK_FALSE(top.ended);
    on.time.advance(1ms);
    CHECK(top.failure()
          == "shutdown: failed to start child \"b\": start_timeout expired after 1000 ms");
    CHECK(on.happened() == "start a, start b, end b, end a");
  }

  TEST_CASE("a child that is up before start_timeout is not killed") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {within_a_second(on.child("a", {init_does::defer}))}});
    on.time.advance(900ms);
    on.tell("a", be_ready{});
    on.time.advance(1h);
    CHECK(top.up());
    CHECK(on.happened() == "start a");
  }

  TEST_CASE("a restart that exceeds start_timeout counts as failed and is retried") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .children = {within_a_second(on.child("a", {init_does::succeed, init_does::defer}))}});
    on.tell("a", crash{"x"});
    on.time.advance(1s);
    CHECK(on.happened() == "start a, end a, start a, end a, start a");
    CHECK(top.up());
  }

  TEST_CASE("a child that hangs past start_timeout is fenced, and its name is released") {
    stage on;
    const auto& top = on.start(dynamic_supervisor_spec{.id = "top"});
    const auto started = ask_later<child_result>(
      on, top.process, start_child{named(within_a_second(on.child("a", {init_does::defer})), "x")});
    on.time.run();
    on.time.hang(on.names->whereis("x"));
    on.time.advance(3s - 1ms);
    CHECK_FALSE(started->answer);
    on.time.advance(1ms);
    REQUIRE(started->answer);
    CHECK(started->answer->error == supervision_errc::start_failed);
    CHECK(started->answer->text == "start_timeout expired after 1000 ms");
    CHECK(on.count(process_event::kind::fenced) == 1);
    CHECK_FALSE(on.names->whereis("x"));
    CHECK(on.tree->fenced.paths() == std::vector<std::string>{"top/a"});
  }

  TEST_CASE("while a start is pending, other starts queue, and queries, terminations and stops are "
            "served") {
    stage on;
    const auto& top = on.start(supervisor_spec{.id = "top", .children = {on.child("a")}});
    const auto first
      = ask_later<child_result>(on, top.process, start_child{on.child("b", {init_does::defer})});
    const auto second = ask_later<child_result>(on, top.process, start_child{on.child("c")});
    const auto third = ask_later<child_result>(on, top.process, delete_child{"nobody"});
    on.time.run();
    CHECK(ask<child_counts>(on, top.process, count_children{}).answer->specs == 2);
    CHECK_FALSE(second->answer);
    CHECK_FALSE(third->answer);
    CHECK(*ask<child_result>(on, top.process, terminate_child{.id = "a"}).answer);
    CHECK(on.happened() == "start a, start b, end a");
    on.tell("b", be_ready{});
    CHECK(first->answer->process);
    CHECK(second->answer->process);
    CHECK(third->answer->error == supervision_errc::not_found);

    const auto pending
      = ask_later<child_result>(on, top.process, start_child{on.child("d", {init_does::defer})});
    const auto behind = ask_later<child_result>(on, top.process, start_child{on.child("e")});
    on.time.run();
    on.ask_to_end(top.process);
    CHECK(top.ended == exit_reason::shutdown());
    CHECK(pending->answer->error == supervision_errc::start_failed);
    CHECK(behind->answer->error == supervision_errc::shutting_down);
  }

  TEST_CASE("terminate_child ends a child that is starting") {
    stage on;
    const auto& top = on.start(supervisor_spec{.id = "top"});
    const auto started
      = ask_later<child_result>(on, top.process, start_child{on.child("a", {init_does::defer})});
    on.time.run();
    CHECK(*ask<child_result>(on, top.process, terminate_child{.id = "a"}).answer);
    CHECK(started->answer->error == supervision_errc::start_failed);
    CHECK(ask<child_counts>(on, top.process, count_children{}).answer->specs == 0);
    CHECK(ask<child_result>(on, top.process, start_child{on.child("b")}).answer->process);
  }
}
