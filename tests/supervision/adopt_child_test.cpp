#include <ottla/actors/process.hpp>
#include <ottla/supervision/dynamic_supervisor_spec.hpp>
#include <ottla/supervision/supervisor_requests.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include "support/child_specs.hpp"
#include "support/stranger.hpp"
#include "support/tree.hpp"

#include <doctest/doctest.h>

#include <memory>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<const child_spec> shared(child_spec spec) {
  return std::make_shared<const child_spec>(std::move(spec));
}

child_result adopt(stage& on, const caf::actor& supervisor, child_spec spec, caf::actor process) {
  return ask<child_result>(on, supervisor, adopt_child{shared(std::move(spec)), std::move(process)})
    .answer.value();
}

} // namespace

TEST_SUITE("adopt_child") {
  TEST_CASE(
    "a supervisor that ends stops its children in the reverse order of their start or adoption") {
    stage on;
    const auto& top = on.start(supervisor_spec{.id = "top", .children = {on.child("a")}});
    const auto b = on.start(on.child("b")).process;
    const auto answer = adopt(on, top.process, on.child("b"), b);
    CHECK(answer);
    CHECK(answer.process == b);
    CHECK(on.count(process_event::kind::adopted) == 1);
    CHECK(ask<child_result>(on, top.process, start_child{on.child("c")}).answer->process);
    on.happened();
    on.ask_to_end(top.process);
    CHECK(on.happened() == "end c, end b, end a");
  }

  TEST_CASE("an adopted child with a start function is restarted after it ends") {
    stage on;
    const auto& top = on.start(supervisor_spec{.id = "top"});
    const auto first = on.start(on.child("a")).process;
    adopt(on, top.process, on.child("a"), first);
    on.happened();
    on.end_abruptly(first);
    CHECK(on.happened() == "end a, start a");
  }

  TEST_CASE("an adopted child without a start function must be temporary") {
    stage on;
    const auto& top = on.start(supervisor_spec{.id = "top"});
    const auto process = spawn_stranger(on.time.system());
    CHECK(adopt(on, top.process, {.id = "a"}, process).text
          == "child \"a\": an adopted child without a start function must be temporary");
    CHECK(adopt(on, top.process, {.id = "a", .restart = restart_policy::temporary}, process));
    kill(process);
    on.time.run();
    CHECK(ask<child_counts>(on, top.process, count_children{}).answer->specs == 0);
    CHECK(top.up());
  }

  TEST_CASE("a supervisor can adopt and terminate an actor that is not a process") {
    stage on;
    const auto& top = on.start(dynamic_supervisor_spec{.id = "top"});
    const auto process = spawn_stranger(on.time.system());
    CHECK(adopt(on, top.process, {.id = "a", .restart = restart_policy::temporary}, process));
    CHECK(*ask<child_result>(on, top.process, terminate_child{.process = process}).answer);
    CHECK_FALSE(is_alive(process));
  }

  TEST_CASE(
    "adopt_child rejects a dead process, a process that is already a child, and a taken name") {
    for (const bool dynamic : {false, true}) {
      stage on;
      const child_spec kinds[]
        = {supervisor_spec{.id = "top"}, dynamic_supervisor_spec{.id = "top"}};
      const auto& top = on.start(kinds[dynamic]);
      const auto temporary = with(on.child("a"), restart_policy::temporary);
      const auto dead = spawn_stranger(on.time.system());
      kill(dead);
      on.time.run();
      CHECK(adopt(on, top.process, temporary, dead).error == supervision_errc::start_failed);
      CHECK(adopt(on, top.process, temporary, {}).error == supervision_errc::start_failed);
      const auto process = spawn_stranger(on.time.system());
      CHECK(adopt(on, top.process, named(temporary, "x"), process));
      CHECK(on.names->whereis("x") == process);
      const auto twice
        = adopt(on, top.process, with(on.child("b"), restart_policy::temporary), process);
      CHECK(twice.error == supervision_errc::already_started);
      CHECK(twice.process == process);
      const auto other = spawn_stranger(on.time.system());
      const auto taken
        = adopt(on, top.process, named(with(on.child("c"), restart_policy::temporary), "x"), other);
      CHECK(taken.error == supervision_errc::already_started);
      CHECK(taken.process == process);
      kill(other);
    }
  }

  TEST_CASE("adopt_child with the id of a running child is answered with that child") {
    stage on;
    const auto& top = on.start(supervisor_spec{.id = "top", .children = {on.child("a")}});
    const auto stranger = spawn_stranger(on.time.system());
    const auto taken
      = adopt(on, top.process, with(on.child("a"), restart_policy::temporary), stranger);
    CHECK(taken.error == supervision_errc::already_started);
    CHECK(taken.process == on.process("a"));
    kill(stranger);
  }

  TEST_CASE("a dynamic supervisor rejects the adoption of a significant child") {
    stage on;
    const auto& top = on.start(dynamic_supervisor_spec{.id = "top"});
    const auto process = spawn_stranger(on.time.system());
    CHECK(adopt(on, top.process, significant({.id = "a"}, restart_policy::temporary), process).error
          == supervision_errc::bad_spec);
    kill(process);
  }

  TEST_CASE("an adopted process dies when its supervisor is killed") {
    stage on;
    const auto& top = on.start(supervisor_spec{.id = "top"});
    const auto process = spawn_stranger(on.time.system());
    adopt(on, top.process, {.id = "a", .restart = restart_policy::temporary}, process);
    on.end_abruptly(top.process);
    CHECK_FALSE(is_alive(process));
  }
}
