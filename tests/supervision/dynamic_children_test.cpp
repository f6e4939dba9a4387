#include "support/supervising.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <memory>
#include <vector>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

constexpr restart_limit two{.at_most = 2, .within = 1h};

/// The processes in which_children, oldest first. A child without a process is null.
std::vector<caf::actor> processes_of(supervising& on) {
  std::vector<caf::actor> result;
  for (const auto& row : on.rows_of(on.top->process))
    result.push_back(row.process);
  return result;
}

struct dynamic : supervising {
  caf::actor add(const child_spec& spec) {
    const auto started = asked(start_child{spec});
    CHECK(started);
    return started.process;
  }
};

} // namespace

TEST_SUITE("dynamic_supervisor: children") {
  TEST_CASE_FIXTURE(
    dynamic, "a dynamic supervisor identifies children by process and rejects requests by id") {
    under(dynamic_supervisor_spec{.id = "top"});
    CHECK(counted() == "0/0/0/0");
    const auto first = add(child("a"));
    CHECK(counted() == "1/1/0/1");
    const auto second = add(child("a"));
    CHECK(counted() == "2/2/0/2");

    CHECK(says(terminate_child{"a"}) == "simple_one_for_one");
    CHECK(says(restart_child{"a"}) == "simple_one_for_one");
    CHECK(says(delete_child{"a"}) == "simple_one_for_one");
    CHECK(ask<child_spec_found>(*this, top->process, get_child_spec{"a"}).answer->error
          == supervision_errc::simple_one_for_one);
    CHECK(processes_of(*this) == std::vector{first, second});

    const auto stranger = start(child("b")).process;
    CHECK(says(terminate_child{.process = stranger}) == "not_found");
    CHECK(is_alive(stranger));
    CHECK(says(terminate_child{.process = first}) == "ok");
    CHECK_FALSE(is_alive(first));
    CHECK(processes_of(*this) == std::vector{second});
    CHECK(says(terminate_child{.process = first}) == "not_found");
  }

  TEST_CASE_FIXTURE(
    dynamic, "get_child_spec of a dynamic supervisor finds the specs of its own children only") {
    under(dynamic_supervisor_spec{.id = "top"});
    const auto a = add(with(child("a"), restart_policy::temporary));
    const auto b = add(with(child("b"), 2s));
    const auto stranger = start(child("c")).process;
    const auto found = [this](const caf::actor& who) {
      return *ask<child_spec_found>(*this, top->process, get_child_spec{.process = who}).answer;
    };
    REQUIRE(found(a));
    CHECK(found(a).spec->restart == restart_policy::temporary);
    CHECK(found(a).spec->shutdown.patience(child_type::worker) == 5s);
    CHECK_FALSE(found(a).spec->significant);
    REQUIRE(found(b));
    CHECK(found(b).spec->shutdown.patience(child_type::worker) == 2s);
    CHECK(found(stranger).error == supervision_errc::not_found);
    end_abruptly(a);
    CHECK(found(a).error == supervision_errc::not_found);
  }

  TEST_CASE_FIXTURE(dynamic, "a dynamic child that ignores its start is not kept") {
    for (const auto policy : every_restart_policy) {
      under(dynamic_supervisor_spec{.id = "top"});
      const auto ignored = asked(start_child{with(child("a", {init_does::ignore}), policy)});
      CHECK(ignored);
      CHECK_FALSE(ignored.process);
      add(with(child("b"), policy));
      CHECK(listed() == "b up");
      CHECK(counted() == "1/1/0/1");
      ask_to_end(top->process);
      CHECK(top->ended == exit_reason::shutdown());
    }
  }

  TEST_CASE_FIXTURE(dynamic, "a dynamic child that ignores its restart is removed") {
    for (const auto policy : {restart_policy::transient, restart_policy::permanent}) {
      under(dynamic_supervisor_spec{.id = "top", .restarts = {.at_most = 10, .within = 1h}});
      add(with(child("a", {init_does::succeed, init_does::succeed, init_does::ignore}), policy));
      end_abruptly(process("a"));
      CHECK(listed() == "a up");
      end_abruptly(process("a"));
      CHECK(listed() == "");
      CHECK(counted() == "0/0/0/0");
      ask_to_end(top->process);
      CHECK(top->ended == exit_reason::shutdown());
    }
  }

  TEST_CASE_FIXTURE(dynamic, "a dynamic supervisor replaces only the child that crashes, and ends "
                             "all children past the limit") {
    under(dynamic_supervisor_spec{.id = "top", .restarts = two});
    const auto a = add(child("a"));
    const auto b = add(child("b"));
    tell("a", crash{"x"});
    CHECK(counted() == "2/2/0/2");
    CHECK(process("a") != a);
    CHECK(process("b") == b);
    tell("b", crash{"x"});
    CHECK(counted() == "2/2/0/2");
    happened();
    tell("a", crash{"x"});
    CHECK(happened() == "end a, end b");
    CHECK(top->ended->what == exit_reason::kind::shutdown);
  }

  TEST_CASE_FIXTURE(dynamic,
                    "dynamic children that wait for a restart count as specs but not as active") {
    under(dynamic_supervisor_spec{.id = "top", .restarts = {.at_most = 20, .within = 10s}});
    for (const auto* id : {"a", "b", "c"}) {
      auto spec = with(child(id), shutdown_policy::brutal_kill());
      spec.restart_delay = backoff_settings{.first = 1s, .at_once = 1};
      add(spec);
    }
    CHECK(counted() == "3/3/0/3");
    for (const auto* id : {"a", "b", "c"})
      tell(id, crash{"x"});
    CHECK(counted() == "3/3/0/3");
    tell("a", crash{"x"});
    tell("b", crash{"x"});
    CHECK(counted() == "3/1/0/3");
    CHECK(listed() == "a restarting, b restarting, c up");
    time.advance(1s);
    CHECK(counted() == "3/3/0/3");
    for (std::size_t left = 3; left > 0; --left) {
      CHECK(says(terminate_child{.process = processes_of(*this).front()}) == "ok");
      CHECK(processes_of(*this).size() == left - 1);
    }
  }

  TEST_CASE_FIXTURE(dynamic,
                    "terminate_child with a dead child's process cancels the child's restart") {
    under(dynamic_supervisor_spec{.id = "top", .restarts = {.at_most = 8, .within = 10s}});
    auto spec = child("a");
    spec.restart_delay = backoff_settings{.first = 1s, .at_once = 0};
    const auto a = add(spec);
    tell("a", crash{"x"});
    CHECK(listed() == "a restarting");
    CHECK(counted() == "1/0/0/1");
    CHECK(says(restart_child{"a"}) == "simple_one_for_one");
    CHECK(says(delete_child{"a"}) == "simple_one_for_one");
    CHECK(says(terminate_child{.process = a}) == "ok");
    CHECK(listed() == "");
    time.advance(1min);
    CHECK(listed() == "");

    add(spec);
    tell("a", crash{"x"});
    ask_to_end(top->process);
    CHECK(top->ended == exit_reason::shutdown());
  }

  TEST_CASE_FIXTURE(
    dynamic, "count_children counts thousands of dynamic children, and none after all are killed") {
    for (const auto type : {child_type::worker, child_type::supervisor}) {
      under(dynamic_supervisor_spec{.id = "top"});
      auto spec = with(child("a"), restart_policy::temporary);
      spec.type = type;
      const start_child request{spec};
      std::vector<caf::actor> all;
      for (std::size_t target : {1000, 2000}) {
        while (all.size() < target)
          all.push_back(asked(request).process);
        const auto expected = type == child_type::worker ? fmt::format("{0}/{0}/0/{0}", target)
                                                         : fmt::format("{0}/{0}/{0}/0", target);
        CHECK(counted() == expected);
        CHECK(counted() == expected);
      }
      for (const auto& each : all)
        kill(each);
      time.run();
      CHECK(counted() == "0/0/0/0");
      CHECK(top->up());
      end_abruptly(top->process);
    }
  }

  TEST_CASE_FIXTURE(
    dynamic, "the start function of a temporary dynamic child is released when the child ends") {
    under(dynamic_supervisor_spec{.id = "top"});
    add(with(child("a"), restart_policy::temporary));
    tell("a", crash{"x"});
    auto large = std::make_shared<int>();
    const std::weak_ptr<int> seen = large;
    add({.id = "b",
         .start = [large = std::move(large), real = child("b").start](
                    start_context context) { return real(std::move(context)); },
         .restart = restart_policy::temporary});
    CHECK_FALSE(seen.expired());
    tell("b", crash{"x"});
    CHECK(seen.expired());
  }

  TEST_CASE_FIXTURE(
    dynamic, "orphans of a dead child are not listed and do not count towards max_children") {
    under(dynamic_supervisor_spec{.id = "top", .max_children = 2});
    const auto low = add(supervisor_spec{.id = "low", .children = {child("a"), child("b")}});
    const auto stuck = process("a");
    time.hang(stuck);
    end_abruptly(low);
    CHECK(listed().find("low") == 0);
    CHECK(counted().substr(0, 2) == "1/");
    CHECK(says(start_child{child("c")}) == "ok");
    time.wake(stuck);
    time.run();
    CHECK(counted() == "2/2/1/1");
  }
}
