#include <ottla/actors/introspection.hpp>
#include <ottla/registry/registry.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include "support/registry_stage.hpp"
#include "support/stranger.hpp"
#include "support/tree.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::test;

namespace {

/// A stage whose registry has ended. Its listener and the process `a` live.
struct ended_registry : registry_stage {
  ended_registry() {
    start(listener());
    const auto first = start(registry_child({listener_ref})).process;
    a = start(child("a")).process;
    end_abruptly(first);
  }

  /// Starts the next registry.
  void start_registry() { start(registry_child({listener_ref})); }

  const process_ref listener_ref{names, "listener"};
  caf::actor a;
};

} // namespace

TEST_SUITE("registry") {
  TEST_CASE("the registry removes all names of a dead process and keeps the others") {
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

  TEST_CASE("a late DOWN of the former holder does not remove the replacement's name") {
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

  TEST_CASE("a process that dies before the registry watches it loses its names") {
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

  TEST_CASE("a crash of the registry loses no name, and its replacement watches all holders") {
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

  TEST_CASE("a new registry removes the names of processes that died while no registry ran") {
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

  TEST_CASE("a name that was released and claimed again is removed when its holder dies") {
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

  TEST_CASE("the registry stops watching a process that has released all its names") {
    registry_stage on;
    const auto a = on.start(on.child("a")).process;
    const auto registry = on.start(on.registry_child()).process;
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

  TEST_CASE("the registry removes the names of dead actors that are not ottla processes") {
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

  TEST_CASE("the registry removes thousands of names of one dead process") {
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

  TEST_CASE("a restarted registry watches each of a thousand holders") {
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

  TEST_CASE("listeners get registrations, releases and deaths in order") {
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

  TEST_CASE_FIXTURE(ended_registry, "while no registry lives, at most 100,000 events wait") {
    constexpr std::size_t turns = 60'000;
    for (std::size_t turn = 0; turn < turns; ++turn) {
      table->claim("x", a);
      table->release("x", a.address());
    }
    start_registry();
    CHECK(heard->size() == 100'000);
    CHECK(heard->back() == "t - x");
  }

  TEST_CASE_FIXTURE(ended_registry,
                    "a new registry sends the events that happened while no registry ran") {
    table->claim("x", a);
    CHECK(what_was_heard().empty());
    start_registry();
    CHECK(what_was_heard() == "t + x");
    // The registry looks the listener up by name, so a restarted listener gets events again.
    end_abruptly(listener_ref.resolve());
    table->release("x", a.address());
    time.run();
    start(listener());
    table->claim("x", a);
    time.run();
    CHECK(what_was_heard() == "t + x");
  }
}
