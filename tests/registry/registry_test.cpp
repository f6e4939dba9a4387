#include <ottla/actors/introspection.hpp>
#include <ottla/registry/registry.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include "support/registry_stage.hpp"
#include "support/stranger.hpp"
#include "support/tree.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::test;

TEST_SUITE("registry") {
  TEST_CASE("all names of a dead process go, those of others stay") {
    registry_stage on;
    on.start(on.registry_child());
    const auto a = on.start(on.child("a")).process;
    const auto b = on.start(on.child("b")).process;
    for (const auto* name : {"one", "two", "three"})
      on.table->claim(name, a);
    on.table->claim("four", b);
    on.time.run();
    on.end_abruptly(a);
    CHECK(on.table->size() == 1);
    CHECK(on.table->whereis("four") == b);
  }

  TEST_CASE(
    "a name that a replacement took is not taken from it by news of the first one's death") {
    registry_stage on;
    on.start(on.registry_child());
    const auto a = on.start(on.child("a")).process;
    const auto b = on.start(on.child("b")).process;
    on.table->claim("x", a);
    on.time.run();
    on.time.hang(on.names->whereis("registry"));
    on.end_abruptly(a);
    on.table->claim("x", b);
    on.time.wake(on.names->whereis("registry"));
    on.time.run();
    CHECK(on.table->whereis("x") == b);
    on.end_abruptly(b);
    CHECK(on.table->size() == 0);
  }

  TEST_CASE("who claims and dies before the registry hears of it is forgotten all the same") {
    registry_stage on;
    on.start(on.registry_child());
    const auto a = on.start(on.child("a")).process;
    on.time.hang(on.names->whereis("registry"));
    on.table->claim("x", a);
    on.end_abruptly(a);
    CHECK(on.table->size() == 1);
    on.time.wake(on.names->whereis("registry"));
    on.time.run();
    CHECK(on.table->size() == 0);
  }

  TEST_CASE("its crash loses no name, look-ups and claims go on, and its replacement watches all") {
    registry_stage on;
    const auto& top = on.start(supervisor_spec{
      .id = "top", .children = {on.registry_child(), on.child("a"), on.child("b")}});
    const auto a = on.process("a");
    const auto b = on.process("b");
    on.table->claim("a", a);
    on.time.run();
    kill(on.names->whereis("registry"));
    on.table->claim("b", b);
    CHECK(on.table->whereis("a") == a);
    CHECK(on.table->whereis("b") == b);
    on.time.run();
    // The crash ended no other child.
    CHECK(on.process("a") == a);
    CHECK(drawn(on, top.process) == "top  up\n├─ registry  up, 1 restarts\n├─ a  up\n└─ b  up\n");
    CHECK(on.table->whereis("a") == a);
    on.end_abruptly(a);
    on.end_abruptly(b);
    CHECK(on.table->size() == 0);
  }

  TEST_CASE("those who die while there is no registry are forgotten by the next one") {
    registry_stage on;
    const auto first = on.start(on.registry_child()).process;
    const auto a = on.start(on.child("a")).process;
    on.table->claim("x", a);
    on.end_abruptly(first);
    on.end_abruptly(a);
    CHECK(on.table->size() == 1);
    on.start(on.registry_child());
    CHECK(on.table->size() == 0);
  }

  TEST_CASE("a name given back and claimed again is still cleared away with its holder") {
    registry_stage on;
    on.start(on.registry_child());
    const auto a = on.start(on.child("a")).process;
    for (int time = 0; time < 3; ++time) {
      on.table->claim("x", a);
      on.table->release("x", a.address());
    }
    on.table->claim("x", a);
    on.time.run();
    on.end_abruptly(a);
    CHECK(on.table->size() == 0);
  }

  TEST_CASE("a process that gave all its names back is no longer watched") {
    registry_stage on;
    const auto registry = on.start(on.registry_child()).process;
    const auto a = on.start(on.child("a")).process;
    const auto state = [&] { return *ask<std::string>(on, registry, get_state{}).answer; };
    CHECK(state() == "0 registrations, 0 processes watched");
    on.table->claim("x", a);
    on.table->claim("y", a);
    on.time.run();
    CHECK(state() == "2 registrations, 1 processes watched");
    on.table->release("x", a.address());
    on.time.run();
    CHECK(state() == "1 registrations, 1 processes watched");
    on.table->release("y", a.address());
    on.time.run();
    CHECK(state() == "0 registrations, 0 processes watched");
    // The name is claimed and released several times before the registry runs.
    for (int time = 0; time < 3; ++time) {
      on.table->claim("x", a);
      on.table->release("x", a.address());
    }
    on.time.run();
    CHECK(state() == "0 registrations, 0 processes watched");
    on.table->claim("x", a);
    on.time.run();
    on.end_abruptly(a);
    CHECK(state() == "0 registrations, 0 processes watched");
  }

  TEST_CASE("it clears away behind strangers too") {
    registry_stage on;
    on.start(on.registry_child());
    auto who = spawn_stranger(on.time.system());
    on.table->claim("x", who);
    on.time.run();
    on.end_abruptly(who);
    CHECK(on.table->size() == 0);
    // This process is gone before the registry can watch it.
    who = spawn_stranger(on.time.system());
    on.table->claim("y", who);
    who = {};
    on.time.run();
    CHECK(on.table->size() == 0);
  }

  TEST_CASE("a process with thousands of names leaves none behind") {
    registry_stage on;
    on.start(on.registry_child());
    const auto a = on.start(on.child("a")).process;
    const auto b = on.start(on.child("b")).process;
    for (int number = 0; number < 5'000; ++number)
      on.table->claim(std::to_string(number), number % 10 == 0 ? b : a);
    on.time.run();
    on.end_abruptly(a);
    CHECK(on.table->size() == 500);
    CHECK(on.table->select("").size() == 500);
  }

  TEST_CASE("of many holders a restarted one misses nobody") {
    registry_stage on;
    const auto first = on.start(on.registry_child()).process;
    std::vector<caf::actor> holders;
    for (int number = 0; number < 1'000; ++number) {
      holders.push_back(spawn_stranger(on.time.system()));
      on.table->claim(std::to_string(number), holders.back());
    }
    on.time.run();
    on.end_abruptly(first);
    on.start(on.registry_child());
    for (const auto& each : holders)
      kill(each);
    on.time.run();
    CHECK(on.table->size() == 0);
  }

  TEST_CASE("listeners hear who gets a name and who gives it back or dies, in order") {
    registry_stage on;
    on.start(on.listener());
    on.start(on.registry_child({process_ref{on.names, "listener"}}));
    const auto a = on.start(on.child("a")).process;
    const auto b = on.start(on.child("b")).process;
    on.table->claim("x", a, std::string{"first"});
    on.table->claim("x", b);
    on.table->claim("y", b);
    on.table->release("x", a.address());
    on.table->claim("x", b);
    on.time.run();
    CHECK(on.what_was_heard() == "t + x first, t + y, t - x, t + x");
    on.end_abruptly(b);
    CHECK(on.what_was_heard() == "t - x, t - y");
  }

  TEST_CASE("while no registry lives, so much waits to be told and no more") {
    registry_stage on;
    on.start(on.listener());
    const process_ref listener{on.names, "listener"};
    const auto first = on.start(on.registry_child({listener})).process;
    const auto a = on.start(on.child("a")).process;
    on.end_abruptly(first);
    constexpr std::size_t turns = 60'000;
    for (std::size_t turn = 0; turn < turns; ++turn) {
      on.table->claim("x", a);
      on.table->release("x", a.address());
    }
    on.start(on.registry_child({listener}));
    CHECK(on.heard->size() == 100'000);
    CHECK(on.heard->back() == "t - x");
  }

  TEST_CASE("what happened while there was no registry, or no listener, is told by the next") {
    registry_stage on;
    on.start(on.listener());
    const process_ref listener{on.names, "listener"};
    const auto first = on.start(on.registry_child({listener})).process;
    const auto a = on.start(on.child("a")).process;
    on.end_abruptly(first);
    on.table->claim("x", a);
    CHECK(on.what_was_heard().empty());
    on.start(on.registry_child({listener}));
    CHECK(on.what_was_heard() == "t + x");
    // The registry knows a listener by name, and so finds it again after its restart.
    on.end_abruptly(listener.resolve());
    on.table->release("x", a.address());
    on.time.run();
    on.start(on.listener());
    on.table->claim("x", a);
    on.time.run();
    CHECK(on.what_was_heard() == "t + x");
  }
}
