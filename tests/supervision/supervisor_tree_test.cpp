#include <ottla/supervision/supervisor_spec.hpp>

#include "support/child_specs.hpp"
#include "support/tree.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

/// `top` has the child `mid`. `mid` has the children `a` and `low`.
supervisor_spec three_levels(stage& on, std::vector<child_spec> of_low) {
  return {
    .id = "top",
    .children = {supervisor_spec{
      .id = "mid",
      .children = {on.child("a"), supervisor_spec{.id = "low", .children = std::move(of_low)}}}}};
}

/// `top` ends by itself when any or all of its significant children have ended.
supervisor_spec top_until(auto_shutdown done, std::vector<child_spec> children) {
  return {.id = "top", .when_done = done, .children = std::move(children)};
}

} // namespace

TEST_SUITE("supervisor: auto_shutdown") {
  TEST_CASE(
    "with any_significant, the first significant child that ends by itself ends the supervisor") {
    stage on;
    const auto& top
      = on.start(top_until(auto_shutdown::any_significant,
                           {on.child("a"), significant(on.child("b"), restart_policy::transient),
                            significant(on.child("c"), restart_policy::transient)}));
    on.happened();
    on.tell("b", finish{});
    CHECK(on.happened() == "end b, end c, end a");
    CHECK(top.ended == exit_reason::shutdown());
  }

  TEST_CASE("with all_significant, only the last significant child's end ends the supervisor") {
    stage on;
    const auto& top
      = on.start(top_until(auto_shutdown::all_significant,
                           {on.child("a"), significant(on.child("b"), restart_policy::transient),
                            significant(on.child("c"), restart_policy::temporary)}));
    on.tell("b", finish{});
    CHECK(top.up());
    on.tell("c", crash{"x"});
    CHECK(top.ended == exit_reason::shutdown());
  }

  TEST_CASE("with all_significant, a significant child that waits for its restart has not ended") {
    stage on;
    const auto& top = on.start(top_until(auto_shutdown::all_significant,
                                         {on.child("a", {init_does::succeed, init_does::defer}),
                                          significant(on.child("b"), restart_policy::transient),
                                          significant(on.child("c"), restart_policy::transient)}));
    on.tell("a", crash{"x"});
    on.tell("b", crash{"waits for a"});
    on.tell("c", finish{});
    CHECK(top.up());
    on.tell("a", be_ready{});
    CHECK(on.process("b"));
  }

  TEST_CASE("a crash of a transient significant child restarts the child") {
    stage on;
    const auto& top = on.start(top_until(auto_shutdown::any_significant,
                                         {significant(on.child("a"), restart_policy::transient)}));
    on.tell("a", crash{"x"});
    CHECK(top.up());
    CHECK(on.process("a"));
  }

  TEST_CASE("with auto_shutdown::never, an end of a child does not end the supervisor") {
    stage on;
    const auto& top = on.start(
      supervisor_spec{.id = "top", .children = {with(on.child("a"), restart_policy::transient)}});
    on.tell("a", finish{});
    CHECK(top.up());
  }
}

TEST_SUITE("supervisor: trees") {
  TEST_CASE("a supervisor that gives up is restarted with its children by the supervisor above") {
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

  TEST_CASE("children of a killed supervisor restart only after all old descendants have ended") {
    stage on;
    const auto& top = on.start(three_levels(on, {on.child("b"), on.child("c")}));
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

  TEST_CASE("a supervisor waits once for an orphan of two dead supervisors") {
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
    // `mid` dies while it waits for the orphan of `low`, so `top` waits for that orphan.
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

  TEST_CASE("an orphan that hangs is fenced, and the replacement gets the orphan's name") {
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

  TEST_CASE("all descendants of a killed root die") {
    stage on;
    const auto& top = on.start(three_levels(on, {on.child("b")}));
    on.happened();
    const auto held = {on.process("a"), on.process("b")};
    on.end_abruptly(top.process);
    CHECK(std::none_of(held.begin(), held.end(), is_alive));
  }

  TEST_CASE("a shutdown ends nested supervisors' children in reverse order of their starts") {
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

  TEST_CASE(
    "a failed start of a nested child fails the root's start with the reasons of all levels") {
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

  TEST_CASE("describe_tree shows a child that waits for its restart as restarting") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top",
      .children = {on.child("a", {init_does::succeed, init_does::defer}), on.child("b")}});
    on.tell("a", crash{"x"});
    on.tell("b", crash{"x"});
    CHECK(drawn(on, top.process) == "top  up\n├─ a  starting, 1 restarts\n└─ b  restarting\n");
  }

  TEST_CASE("describe_tree shows the rest of the tree while one supervisor hangs") {
    stage on;
    const auto& top = on.start(three_levels(on, {on.child("b")}));
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

  TEST_CASE("describe_tree answers with the known part of the tree when a supervisor dies") {
    stage on;
    const auto& top = on.start(three_levels(on, {on.child("b")}));
    const auto whole = ask<tree_node>(on, top.process, describe_tree{});
    const auto mid = whole.answer->children.at(0);
    on.time.hang(mid.children.at(1).process);
    const auto tree = ask_later<tree_node>(on, top.process, describe_tree{});
    on.time.run();
    CHECK_FALSE(tree->answer);
    const auto before = on.time.now();
    SUBCASE("a supervisor below the root dies") {
      kill(mid.process);
      on.time.run();
      REQUIRE(tree->answer);
      CHECK(draw(*tree->answer) == "top  up\n└─ mid  up\n   ├─ a  up\n   └─ low  up\n");
    }
    SUBCASE("the root dies") {
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
  TEST_CASE("a stop fences a hanging child after its shutdown time and the kill grace") {
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

  TEST_CASE(
    "in a stop, a hanging child whose policy is brutal_kill is fenced after the kill grace") {
    stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {with(on.child("a"), shutdown_policy::brutal_kill())}});
    on.time.hang(on.process("a"));
    on.ask_to_end(top.process);
    on.time.advance(2s);
    CHECK(top.ended == exit_reason::shutdown());
  }

  TEST_CASE("a hanging member of a group is fenced and replaced under its name") {
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
    // The end of the old process has no effect.
    on.happened();
    on.time.wake(stuck);
    on.time.run();
    CHECK(on.happened() == "end b");
    CHECK(top.up());
  }

  TEST_CASE(
    "a child that hangs in init delays a stop only by its shutdown time and the kill grace") {
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
