#include <ottla/supervision/supervisor_requests.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include "support/child_specs.hpp"
#include "support/tree.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

TEST_SUITE("supervisor: start") {
  TEST_CASE("children start in order, and the supervisor is up after the last child") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {on.child("a"), on.child("b", {init_does::defer}), on.child("c")}});
    CHECK(on.happened() == "start a, start b");
    CHECK_FALSE(top.answer);
    on.tell("b", be_ready{});
    CHECK(on.happened() == "start c");
    CHECK(top.up());
  }

  TEST_CASE("a supervisor without children is up at once") {
    stage on;
    CHECK(on.start(supervisor_spec{.id = "top"}).up());
  }

  TEST_CASE("a failed start stops the started children in reverse and reports child and cause") {
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

  TEST_CASE("a child that dies during a deferred start fails the supervisor's start") {
    stage on;
    const auto& top
      = on.start(supervisor_spec{.id = "top", .children = {on.child("a", {init_does::defer})}});
    on.end_abruptly(on.process("a"));
    CHECK(top.failure() == "shutdown: failed to start child \"a\": killed");
  }

  TEST_CASE("a child that stops in init fails the supervisor's start") {
    stage on;
    const auto& top
      = on.start(supervisor_spec{.id = "top", .children = {on.child("a", {init_does::stop})}});
    CHECK(top.failure() == "shutdown: failed to start child \"a\": shutdown: not today");
  }

  TEST_CASE("a start function that throws fails the start with the exception's text") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .children = {on.child("a"), {.id = "b", .start = [](start_context) -> caf::actor {
                                     throw std::runtime_error{"no memory"};
                                   }}}});
    CHECK(top.failure() == "shutdown: failed to start child \"b\": no memory");
    CHECK(on.happened() == "start a, end a");
  }

  TEST_CASE("a start function that returns no process fails the start") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {{.id = "b", .start = [](start_context) { return caf::actor{}; }}}});
    CHECK(top.failure()
          == "shutdown: failed to start child \"b\": the start function returned no process");
  }

  TEST_CASE("a child that ignores the first start is kept without a process, or forgotten if it is "
            "temporary") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .children = {on.child("a", {init_does::ignore}),
                   with(on.child("b", {init_does::ignore}), restart_policy::temporary)}});
    CHECK(top.up());
    CHECK(drawn(on, top.process) == "top  up\n└─ a  down\n");
  }

  TEST_CASE("an invalid spec fails the start with all faults before any child starts") {
    stage on;
    const auto& top = on.start(
      supervisor_spec{.id = "top", .children = {on.child("a"), on.child("a"), {.id = "c"}}});
    CHECK(top.failure()
          == "supervisor \"top\": two children with id \"a\"; child \"c\": no start function");
    CHECK(on.happened() == "");
  }

  TEST_CASE(
    "a child whose name is taken fails the start, and the error names the name and its holder") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {named(on.child("a"), "x"), named(on.child("b"), "x")}});
    CHECK(
      top.failure().starts_with("shutdown: failed to start child \"b\": already started: the name "
                                "\"x\" is taken by top/a (actor "));
  }

  TEST_CASE("a shutdown during the first start stops all started children in reverse") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {on.child("a"), on.child("b", {init_does::defer}), on.child("c")}});
    on.ask_to_end(top.process);
    CHECK(on.happened() == "start a, start b, end b, end a");
    CHECK(top.ended == exit_reason::shutdown());
  }

  TEST_CASE("a child that dies while later children start is restarted after them") {
    stage on;
    const auto& top = on.start(
      supervisor_spec{.id = "top", .children = {on.child("a"), on.child("b", {init_does::defer})}});
    on.tell("a", crash{"early"});
    CHECK(on.happened() == "start a, start b, end a");
    on.tell("b", be_ready{});
    CHECK(on.happened() == "start a");
    CHECK(top.up());
  }
}

TEST_SUITE("supervisor: requests during the first start") {
  TEST_CASE("a child that died while later children start stays down if it is terminated") {
    stage on;
    const auto& top = on.start(
      supervisor_spec{.id = "top", .children = {on.child("a"), on.child("b", {init_does::defer})}});
    on.tell("a", crash{"early"});
    CHECK(on.happened() == "start a, start b, end a");
    const auto result = ask<child_result>(on, top.process, terminate_child{.id = "a"});
    REQUIRE(result.answer);
    CHECK(*result.answer);
    on.tell("b", be_ready{});
    on.time.advance(1h);
    CHECK(top.up());
    CHECK(on.happened() == "");
    CHECK(ask<child_result>(on, top.process, restart_child{"a"}).answer->error
          == supervision_errc{});
    CHECK(on.happened() == "start a");
  }

  TEST_CASE("a temporary child that died while later children start is forgotten if it is "
            "terminated") {
    stage on;
    const auto& top
      = on.start(supervisor_spec{.id = "top",
                                 .children = {with(on.child("a"), restart_policy::temporary),
                                              on.child("b", {init_does::defer})}});
    on.tell("a", crash{"early"});
    REQUIRE(ask<child_result>(on, top.process, terminate_child{.id = "a"}).answer);
    on.tell("b", be_ready{});
    CHECK(top.up());
    CHECK(ask<child_result>(on, top.process, terminate_child{.id = "a"}).answer->error
          == supervision_errc::not_found);
  }
}

TEST_SUITE("supervisor: stop") {
  TEST_CASE(
    "children stop in reverse order, each after the end of the child that started after it") {
    stage on;
    const auto& top = on.start(
      supervisor_spec{.id = "top", .children = {on.child("a"), on.child("b"), on.child("c")}});
    on.happened();
    on.ask_to_end(top.process);
    CHECK(on.happened() == "end c, end b, end a");
    CHECK(top.ended == exit_reason::shutdown());
  }

  TEST_CASE("a child that ignores the shutdown request is killed when its shutdown time expires") {
    stage on;
    const auto& top = on.start(
      supervisor_spec{.id = "top", .children = {on.child("a"), with(on.deaf_child("b"), 3s)}});
    on.happened();
    on.ask_to_end(top.process);
    on.time.advance(3s - 1ms);
    CHECK(on.happened() == "deaf b");
    on.time.advance(1ms);
    CHECK(on.happened() == "end b, end a");
    CHECK(top.ended == exit_reason::shutdown());
  }

  TEST_CASE("the default shutdown time of a worker is five seconds") {
    stage on;
    const auto& top = on.start(supervisor_spec{.id = "top", .children = {on.deaf_child("a")}});
    on.ask_to_end(top.process);
    on.time.advance(5s - 1ms);
    CHECK_FALSE(top.ended);
    on.time.advance(1ms);
    CHECK(top.ended);
  }

  TEST_CASE("with infinite shutdown, a supervisor never kills the child") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {with(on.deaf_child("a"), shutdown_policy::infinity())}});
    on.ask_to_end(top.process);
    on.time.advance(std::chrono::hours{1000});
    CHECK_FALSE(top.ended);
    on.end_abruptly(on.process("a"));
    CHECK(top.ended == exit_reason::shutdown());
  }

  TEST_CASE("the longest shutdown time does not overflow") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {with(on.deaf_child("a"), std::chrono::nanoseconds::max() - 1ns)}});
    on.ask_to_end(top.process);
    on.time.advance(std::chrono::hours{1000});
    CHECK_FALSE(top.ended);
  }

  TEST_CASE("brutal_kill kills a child without a shutdown request") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {with(on.deaf_child("a"), shutdown_policy::brutal_kill())}});
    on.happened();
    on.ask_to_end(top.process);
    CHECK(on.happened() == "end a");
    CHECK(top.ended);
  }

  TEST_CASE("a child that dies by itself during the stop does not block the stop") {
    stage on;
    const auto& top
      = on.start(supervisor_spec{.id = "top", .children = {on.child("a"), on.deaf_child("b")}});
    on.happened();
    on.ask_to_end(top.process);
    on.tell("a", crash{"bye"});
    on.tell("b", finish{});
    CHECK(on.happened() == "deaf b, end a, end b");
    CHECK(top.ended == exit_reason::shutdown());
  }

  TEST_CASE("a killed supervisor ends all its children") {
    stage on;
    const auto& top
      = on.start(supervisor_spec{.id = "top", .children = {on.child("a"), on.deaf_child("b")}});
    on.happened();
    // The test holds references to the children, so lost references do not end them.
    const auto held = {on.process("a"), on.process("b")};
    on.end_abruptly(top.process);
    CHECK(top.ended == exit_reason::killed());
    CHECK(on.happened() == "end a, end b");
    CHECK(held.size() == 2);
  }

  TEST_CASE("a supervisor that is killed during its start ends a child that is starting") {
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
