#include <ottla/actors/process.hpp>
#include <ottla/supervision/dynamic_supervisor_spec.hpp>
#include <ottla/supervision/supervisor_requests.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include "support/tree.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

child_spec temporary(child_spec spec) {
  spec.restart = restart_policy::temporary;
  return spec;
}

std::size_t number_of_children(stage& on, const caf::actor& top) {
  return ask<child_list>(on, top, which_children{}).answer.value().children.size();
}

} // namespace

TEST_SUITE("dynamic_supervisor") {
  TEST_CASE("a dynamic supervisor answers start_child when the child's init is done") {
    stage on;
    const auto& top = on.start(dynamic_supervisor_spec{.id = "top"});
    const auto started
      = ask_later<child_result>(on, top.process, start_child{on.child("a", {init_does::defer})});
    on.time.run();
    CHECK_FALSE(started->answer);
    on.tell("a", be_ready{});
    REQUIRE(started->answer);
    CHECK(started->answer->process == on.process("a"));
  }

  TEST_CASE("a dynamic supervisor answers a failed start with the reason and keeps no child") {
    stage on;
    const auto& top = on.start(dynamic_supervisor_spec{.id = "top"});
    const auto failing = on.child("a", {init_does::fail});
    CHECK(ask<child_result>(on, top.process, start_child{failing}).answer->text == ("no luck"));
    const auto ignoring = on.child("a", {init_does::ignore});
    const auto ignored = ask<child_result>(on, top.process, start_child{ignoring});
    CHECK(*ignored.answer);
    CHECK_FALSE(ignored.answer->process);
    const child_spec throwing{.id = "a", .start = [](start_context) -> caf::actor {
                                throw std::runtime_error{"no memory"};
                              }};
    CHECK(ask<child_result>(on, top.process, start_child{throwing}).answer->text == ("no memory"));
    CHECK(ask<child_result>(on, top.process, start_child{{.id = "a"}}).answer->text
          == ("child \"a\": no start function"));
    CHECK(number_of_children(on, top.process) == 0);
    CHECK(top.up());
  }

  TEST_CASE("a dynamic supervisor rejects start_child when it has max_children children") {
    stage on;
    const auto& top = on.start(dynamic_supervisor_spec{.id = "top", .max_children = 1});
    CHECK(ask<child_result>(on, top.process, start_child{on.child("a")}).answer);
    CHECK(ask<child_result>(on, top.process, start_child{on.child("b")}).answer->text
          == ("max_children reached: 1 children"));
  }

  TEST_CASE("dynamic children may share an id, and are listed oldest first") {
    stage on;
    const auto& top = on.start(dynamic_supervisor_spec{.id = "top"});
    const auto first = ask<child_result>(on, top.process, start_child{on.child("a")});
    const auto second = ask<child_result>(on, top.process, start_child{on.child("a")});
    const auto list = ask<child_list>(on, top.process, which_children{}).answer.value().children;
    REQUIRE(list.size() == 2);
    CHECK(list[0].process == first.answer->process);
    CHECK(list[1].process == second.answer->process);
    CHECK(list[0].id == "a");
  }

  TEST_CASE("a dynamic supervisor answers terminate_child when the child has ended") {
    stage on;
    const auto& top = on.start(dynamic_supervisor_spec{.id = "top"});
    auto spec = on.deaf_child("a");
    spec.shutdown = 1s;
    const auto child = ask<child_result>(on, top.process, start_child{spec}).answer->process;
    const auto first = ask_later<child_result>(on, top.process, terminate_child{.process = child});
    const auto second = ask_later<child_result>(on, top.process, terminate_child{.process = child});
    on.time.advance(1s - 1ms);
    CHECK_FALSE(first->answer);
    on.time.advance(1ms);
    REQUIRE(first->answer);
    REQUIRE(second->answer);
    CHECK(*first->answer);
    CHECK_FALSE(is_alive(child));
    CHECK(number_of_children(on, top.process) == 0);
  }

  TEST_CASE("terminate_child of a process that is not a child is answered with not_found at once") {
    stage on;
    const auto& top = on.start(dynamic_supervisor_spec{.id = "top"});
    const auto stranger = on.start(on.child("a")).process;
    const auto answer
      = ask<child_result>(on, top.process, terminate_child{.process = stranger}).answer;
    REQUIRE(answer);
    CHECK(answer->error == supervision_errc::not_found);
    CHECK(is_alive(stranger));
    CHECK(ask<child_result>(on, top.process, terminate_child{}).answer);
  }

  TEST_CASE("a dynamic supervisor restarts a permanent child and forgets a temporary child") {
    stage on;
    const auto& top = on.start(dynamic_supervisor_spec{.id = "top"});
    ask<child_result>(on, top.process, start_child{on.child("a")});
    ask<child_result>(on, top.process, start_child{temporary(on.child("b"))});
    on.happened();
    on.tell("a", crash{"x"});
    on.tell("b", crash{"x"});
    CHECK(on.happened() == "end a, start a, end b");
    CHECK(drawn(on, top.process) == "top  up\n└─ a  up, 1 restarts\n");
  }

  TEST_CASE("a dynamic supervisor retries and counts failed restarts, and ends past the limit") {
    stage on;
    const auto& top
      = on.start(dynamic_supervisor_spec{.id = "top", .restarts = {.at_most = 2, .within = 5s}});
    ask<child_result>(on, top.process,
                      start_child{on.child("a", {init_does::succeed, init_does::fail,
                                                 init_does::fail, init_does::fail})});
    ask<child_result>(on, top.process, start_child{on.child("b")});
    on.happened();
    on.tell("a", crash{"x"});
    CHECK(on.happened() == "end a, start a, end a, start a, end a, end b");
    REQUIRE(top.ended);
    CHECK(top.ended->what == exit_reason::kind::shutdown);
  }

  TEST_CASE(
    "a dynamic supervisor stops all children at the same time and ends after the last child") {
    stage on;
    const auto& top = on.start(dynamic_supervisor_spec{.id = "top"});
    for (const auto* id : {"a", "b", "c"}) {
      auto spec = on.deaf_child(id);
      spec.shutdown = 3s;
      ask<child_result>(on, top.process, start_child{spec});
    }
    on.happened();
    on.ask_to_end(top.process);
    CHECK(on.happened() == "deaf a, deaf b, deaf c");
    on.tell("b", finish{});
    CHECK_FALSE(top.ended);
    on.time.advance(3s);
    CHECK(on.happened() == "end b, end a, end c");
    CHECK(top.ended == exit_reason::shutdown());
  }

  TEST_CASE("while a dynamic supervisor stops, it rejects new starts and fails pending starts") {
    stage on;
    const auto& top = on.start(dynamic_supervisor_spec{.id = "top"});
    ask<child_result>(on, top.process, start_child{on.deaf_child("a")});
    const auto pending
      = ask_later<child_result>(on, top.process, start_child{on.child("b", {init_does::defer})});
    on.time.run();
    on.ask_to_end(top.process);
    REQUIRE(pending->answer);
    CHECK(pending->answer->error == supervision_errc::start_failed);
    CHECK(ask<child_result>(on, top.process, start_child{on.child("c")}).answer->text
          == ("the supervisor is shutting down"));
    on.tell("a", finish{});
    CHECK(top.ended);
  }

  TEST_CASE("a killed dynamic supervisor ends its children and fails pending requests") {
    stage on;
    const auto& top = on.start(dynamic_supervisor_spec{.id = "top"});
    ask<child_result>(on, top.process, start_child{on.child("a")});
    const auto pending
      = ask_later<child_result>(on, top.process, start_child{on.child("b", {init_does::defer})});
    on.time.run();
    on.end_abruptly(top.process);
    REQUIRE(pending->answer);
    CHECK(pending->answer->error == supervision_errc::shutting_down);
    CHECK_FALSE(on.process("a"));
    CHECK_FALSE(on.process("b"));
  }

  TEST_CASE("a dynamic supervisor fences a hanging child and answers terminate_child") {
    stage on;
    const auto& top = on.start(dynamic_supervisor_spec{.id = "top"});
    const auto child
      = ask<child_result>(on, top.process, start_child{on.child("a")}).answer->process;
    on.time.hang(child);
    const auto gone = ask_later<child_result>(on, top.process, terminate_child{.process = child});
    on.time.advance(7s);
    CHECK(gone->answer);
    CHECK(on.count(process_event::kind::fenced) == 1);
  }

  TEST_CASE("a dynamic supervisor can stop while an orphan of a dead child hangs") {
    stage on;
    const auto& top = on.start(dynamic_supervisor_spec{.id = "top"});
    auto slow = on.deaf_child("slow");
    slow.shutdown = 1min;
    ask<child_result>(on, top.process, start_child{slow});
    auto left = on.child("left");
    left.shutdown = 3s;
    const auto sub
      = ask<child_result>(on, top.process,
                          start_child{supervisor_spec{.id = "sub", .children = {left}}})
          .answer->process;
    on.time.hang(on.process("left"));
    on.end_abruptly(sub);
    on.ask_to_end(top.process);
    on.time.advance(10s);
    CHECK(on.count(process_event::kind::fenced) == 1);
    CHECK_FALSE(top.ended);
    on.time.advance(1min);
    CHECK(top.ended == exit_reason::shutdown());
  }

  TEST_CASE("the number of a dynamic supervisor's timers does not grow with past deadlines") {
    stage on;
    const auto& top = on.start(dynamic_supervisor_spec{.id = "top"});
    // A long shutdown is always pending while short shutdowns end.
    const auto pass = [&] {
      std::size_t turns = 0;
      for (const std::chrono::nanoseconds patience : {10'000ms, 500ms}) {
        auto spec = on.deaf_child("a");
        spec.shutdown = patience;
        const auto child = ask<child_result>(on, top.process, start_child{spec}).answer->process;
        ask_later<child_result>(on, top.process, terminate_child{.process = child});
        turns += on.time.advance(1s);
      }
      return turns;
    };
    for (int early = 0; early < 20; ++early)
      pass();
    const auto few = pass();
    for (int later = 0; later < 200; ++later)
      pass();
    CHECK(pass() <= few + 2);
    on.time.advance(20s);
    CHECK(number_of_children(on, top.process) == 0);
  }

  TEST_CASE("a killed dynamic supervisor is replaced only after its children have ended") {
    stage on;
    const auto& top
      = on.start(supervisor_spec{.id = "top", .children = {dynamic_supervisor_spec{.id = "pool"}}});
    const auto pool = ask<tree_node>(on, top.process, describe_tree{}).answer->children[0].process;
    ask<child_result>(on, pool, start_child{on.child("a")});
    const auto a = on.process("a");
    on.time.hang(a);
    on.end_abruptly(pool);
    CHECK(drawn(on, top.process).find("restarts") == std::string::npos);
    on.time.wake(a);
    on.time.run();
    CHECK(drawn(on, top.process) == "top  up\n└─ pool  up, 1 restarts\n");
  }
}
