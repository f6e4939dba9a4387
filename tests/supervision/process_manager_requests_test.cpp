#include "support/managing.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

// Requests to a process manager, and which children stay down.

TEST_SUITE("process_manager") {
  // start_child.

  TEST_CASE_FIXTURE(managing, "start_child answers as the dynamic supervisor does, and a child "
                              "that fails to start is not added") {
    run(manager());
    const auto added = asked_manager(start_child{child("a")});
    CHECK(added);
    CHECK(added.process == process("a"));
    const auto failed = asked_manager(start_child{child("b", {init_does::fail})});
    CHECK(failed.error == supervision_errc::start_failed);
    CHECK(failed.text == "no luck");
    time.advance(1h);
    CHECK(pool_has() == "a up");
    CHECK(manager_says(start_child{child("b")}) == "ok");
    CHECK(manager_says(start_child{child_spec{.id = "c"}}) == "bad_spec");
    CHECK(manager_says(start_child{}) == "bad_spec");
  }

  TEST_CASE_FIXTURE(managing, "start_child starts no second child with a known id") {
    run(manager(
      {.children = {child("a"), child("b", {init_does::defer}), child("c", {init_does::fail})}}));
    const auto known = asked_manager(start_child{child("a")});
    CHECK(known.error == supervision_errc::already_started);
    CHECK(known.process == process("a"));
    CHECK(manager_says(start_child{child("b")}) == "already_present");
    CHECK(manager_says(start_child{child("c")}) == "already_present");
    CHECK(pool_has() == "a up, b starting");
  }

  TEST_CASE_FIXTURE(managing, "start_child starts a known child again that has ended, from the new "
                              "spec") {
    run(manager({.children = {with(child("a"), restart_policy::temporary)}}));
    tell("a", finish{exit_reason::normal()});
    CHECK(pool_has() == "");
    CHECK(manager_says(start_child{with(child("a"), restart_policy::permanent)}) == "ok");
    tell("a", crash{"x"});
    CHECK(pool_has() == "a up");
  }

  TEST_CASE_FIXTURE(managing, "requests wait while the dynamic supervisor restarts") {
    auto spec = manager({.children = {child("a")}});
    child_spec pool = dynamic_supervisor_spec{.id = "pool", .name = "pool"};
    pool.restart_delay = backoff_settings{.first = 10s, .at_once = 0};
    under(supervisor_spec{.id = "top", .children = {pool, spec}});
    end_abruptly(whereis("pool"));
    const auto b = ask_later<child_result>(*this, whereis("manager"), start_child{child("b")});
    const auto a = ask_later<child_result>(*this, whereis("manager"), terminate_child{.id = "a"});
    const auto heard = await();
    CHECK_FALSE(b->answer);
    CHECK_FALSE(a->answer);
    CHECK(*heard == "waits");
    time.advance(11s);
    CHECK(b->answer->process == process("b"));
    CHECK(*a->answer);
    CHECK(*heard == "ready");
    CHECK(pool_has() == "b up");
  }

  TEST_CASE_FIXTURE(managing, "a start_child whose dynamic supervisor dies is answered by its "
                              "replacement") {
    run(manager());
    const auto started = ask_later<child_result>(*this, whereis("manager"),
                                                 start_child{child("a", {init_does::defer})});
    time.run();
    CHECK(pool_has() == "a starting");
    CHECK(pool_is_replaced());
    CHECK(pool_has() == "a up");
    CHECK(started->answer->process == process("a"));
  }

  // Which children stay down.

  TEST_CASE_FIXTURE(managing, "a child that was ended with terminate_child at the manager stays "
                              "down until start_child") {
    auto spec = initialized_by([this] { return std::vector{child("a"), child("b")}; });
    spec.poll = 1s;
    run(manager(spec));
    CHECK(manager_says(terminate_child{.id = "a"}) == "ok");
    CHECK_FALSE(process("a"));
    time.advance(5s);
    CHECK(plan->calls == 6);
    CHECK(pool_has() == "b up");
    CHECK(pool_is_replaced());
    CHECK(is_replaced_after_kill("manager"));
    time.advance(5s);
    CHECK(pool_has() == "b up");
    CHECK(manager_says(terminate_child{.id = "a"}) == "ok");
    CHECK(manager_says(start_child{child("a")}) == "ok");
    CHECK(pool_has() == "b up, a up");
    CHECK(pool_is_replaced());
    CHECK(pool_has() == "a up, b up");
  }

  TEST_CASE_FIXTURE(managing, "terminate_child names a child by id, and rejects unknown ids") {
    run(manager({.children = {child("a")}}));
    CHECK(manager_says(terminate_child{.id = "b"}) == "not_found");
    CHECK(manager_says(terminate_child{.process = process("a")}) == "not_found");
    CHECK(pool_has() == "a up");
  }

  TEST_CASE_FIXTURE(managing, "terminate_child also ends a child that waits for its restart") {
    auto slow = child("a");
    slow.restart_delay = backoff_settings{.first = 10s, .at_once = 0};
    run(manager({.children = {slow}}));
    tell("a", crash{"x"});
    CHECK(pool_has() == "a restarting");
    const auto ended
      = ask_later<child_result>(*this, whereis("manager"), terminate_child{.id = "a"});
    time.advance(11s);
    CHECK(*ended->answer);
    CHECK(pool_has() == "");
  }

  TEST_CASE_FIXTURE(managing, "a child that ended, or was ended at the dynamic supervisor, stays "
                              "down until the dynamic supervisor is replaced") {
    auto spec = initialized_by([this] {
      return std::vector{with(child("a"), restart_policy::temporary), child("b")};
    });
    spec.poll = 1s;
    run(manager(spec));
    tell("a", crash{"x"});
    CHECK(ask<child_result>(*this, whereis("pool"), terminate_child{.process = process("b")})
            .answer.value());
    time.advance(5s);
    CHECK(pool_has() == "");
    CHECK(is_replaced_after_kill("manager"));
    time.advance(5s);
    CHECK(pool_has() == "");
    CHECK(pool_is_replaced());
    CHECK(pool_has() == "a up, b up");
  }
}
