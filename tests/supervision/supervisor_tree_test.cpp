#include <ottla/supervision/supervisor_spec.hpp>

#include "support/child_specs.hpp"
#include "support/tree.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

/// `top` has the child `mid`. `mid` has the children `a` and `low`. `low` has the child `b`.
supervisor_spec three_levels(stage& on) {
  return {
    .id = "top",
    .children = {supervisor_spec{
      .id = "mid",
      .children = {on.child("a"), supervisor_spec{.id = "low", .children = {on.child("b")}}}}}};
}

} // namespace

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
    const auto& top = on.start(
      supervisor_spec{.id = "top",
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
    const auto& top = on.start(
      supervisor_spec{.id = "top",
                      .when_done = auto_shutdown::any_significant,
                      .children = {significant(on.child("a"), restart_policy::transient)}});
    on.tell("a", crash{"x"});
    CHECK(top.up());
    CHECK(on.process("a"));
  }

  TEST_CASE("never: nobody's end ends it") {
    stage on;
    const auto& top = on.start(
      supervisor_spec{.id = "top", .children = {with(on.child("a"), restart_policy::transient)}});
    on.tell("a", finish{});
    CHECK(top.up());
  }
}

TEST_SUITE("supervisor: trees") {
  TEST_CASE("one that gives up is restarted by the one above, children and all") {
    stage on;
    const auto& top = on.start(
      supervisor_spec{.id = "top",
                      .children = {supervisor_spec{.id = "mid",
                                                   .restarts = {.at_most = 0, .within = 5s},
                                                   .children = {on.child("a"), on.child("b")}}}});
    on.happened();
    on.tell("a", crash{"x"});
    CHECK(on.happened() == "end a, end b, start a, start b");
    CHECK(drawn(on, top.process) == "top  up\n└─ mid  up, 1 restarts\n   ├─ a  up\n   └─ b  up\n");
  }

  TEST_CASE(
    "a killed supervisor leaves no orphan, and the new children start after the old ended") {
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
    // `a` and `c` see the kill late.
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

  TEST_CASE("an orphan of two dead supervisors is waited for once") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .children = {supervisor_spec{
        .id = "mid", .children = {supervisor_spec{.id = "low", .children = {on.child("a")}}}}}});
    on.happened();
    const auto tree = ask<tree_node>(on, top.process, describe_tree{});
    const auto& mid = tree.answer->children.at(0);
    const auto slow = on.process("a");
    on.time.hang(slow);
    // `mid` waits for the orphan of `low` when it dies itself: now `top` waits for that orphan.
    on.end_abruptly(mid.children.at(0).process);
    on.end_abruptly(mid.process);
    CHECK(on.happened().empty());
    on.time.wake(slow);
    on.time.run();
    CHECK(on.happened() == "end a, start a");
    on.time.advance(10s);
    CHECK(on.count(process_event::kind::fenced) == 0);
    CHECK(on.happened().empty());
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
      .children
      = {on.child("a"), supervisor_spec{.id = "mid", .children = {on.child("b"), on.child("c")}},
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
    const auto& top = on.start(three_levels(on));
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

  TEST_CASE("a supervisor that dies over the question holds up nobody, and tells what it knows") {
    stage on;
    const auto& top = on.start(three_levels(on));
    const auto whole = ask<tree_node>(on, top.process, describe_tree{});
    const auto mid = whole.answer->children.at(0);
    on.time.hang(mid.children.at(1).process);
    const auto tree = ask_later<tree_node>(on, top.process, describe_tree{});
    on.time.run();
    CHECK_FALSE(tree->answer);
    const auto before = on.time.now();
    SUBCASE("below the one that was asked") {
      kill(mid.process);
      on.time.run();
      REQUIRE(tree->answer);
      CHECK(draw(*tree->answer) == "top  up\n└─ mid  up\n   ├─ a  up\n   └─ low  up\n");
    }
    SUBCASE("the one that was asked") {
      kill(top.process);
      on.time.run();
      REQUIRE(tree->answer);
      CHECK(draw(*tree->answer) == "top  up\n└─ mid  up\n");
    }
    CHECK(on.time.now() == before);
    on.time.wake(mid.children.at(1).process);
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
    const auto& top
      = on.start(supervisor_spec{.id = "top",
                                 .strategy = strategy::one_for_all,
                                 .children = {on.child("a"), with(named(on.child("b"), "x"), 1s)}});
    const auto stuck = on.process("b");
    on.time.hang(stuck);
    on.tell("a", crash{"x"});
    on.time.advance(3s);
    CHECK(top.up());
    CHECK(on.names->whereis("x"));
    CHECK(on.names->whereis("x") != stuck);
    // The end of the old process has no effect any more.
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
