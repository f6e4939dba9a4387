#include "support/supervising.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

TEST_SUITE("supervisor: child administration") {
  TEST_CASE_FIXTURE(supervising, "a child's status determines the answers to requests to start, "
                                 "terminate, restart or delete it") {
    for (const auto how : every_strategy) {
      CAPTURE(static_cast<int>(how));
      under(supervisor_spec{.id = "top", .strategy = how, .children = {child("a")}});
      const auto first = process("a");
      const auto there = asked(start_child{child("a")});
      CHECK(there.error == supervision_errc::already_started);
      CHECK(there.process == first);
      CHECK(says(restart_child{"a"}) == "running");
      CHECK(says(delete_child{"a"}) == "running");
      CHECK(ends() == "");

      CHECK(says(terminate_child{"a"}) == "ok");
      CHECK_FALSE(is_alive(first));
      CHECK(ends() == "a shutdown");
      CHECK(listed() == "a down");
      CHECK(counted() == "1/0/0/1");
      CHECK(says(terminate_child{"a"}) == "ok");
      CHECK(says(start_child{child("a")}) == "already_present");

      const auto second = asked(restart_child{"a"});
      CHECK(second);
      CHECK(second.process == process("a"));
      CHECK(second.process != first);
      CHECK(counted() == "1/1/0/1");

      CHECK(says(terminate_child{"a"}) == "ok");
      CHECK(says(delete_child{"a"}) == "ok");
      CHECK(listed() == "");
      CHECK(counted() == "0/0/0/0");
      CHECK(says(start_child{child("a")}) == "ok");
      CHECK(listed() == "a up");
      end_abruptly(top->process);
    }
  }

  TEST_CASE_FIXTURE(supervising, "each request for an unknown child is answered with not_found") {
    under(supervisor_spec{.id = "top", .children = {child("a")}});
    CHECK(says(terminate_child{"b"}) == "not_found");
    CHECK(says(restart_child{"b"}) == "not_found");
    CHECK(says(delete_child{"b"}) == "not_found");
    CHECK(ask<child_spec_found>(*this, top->process, get_child_spec{"b"}).answer->error
          == supervision_errc::not_found);
    CHECK(listed() == "a up");
  }

  TEST_CASE_FIXTURE(supervising, "a request to a dead supervisor fails with noproc") {
    under(supervisor_spec{.id = "top"});
    ask_to_end(top->process);
    CHECK(says(start_child{child("a")}) == "noproc");
    CHECK(says(terminate_child{"a"}) == "noproc");
    CHECK(says(restart_child{"a"}) == "noproc");
    CHECK(says(delete_child{"a"}) == "noproc");
    CHECK(ask<child_list>(*this, top->process, which_children{}).failed == exit_reason::noproc());
    CHECK(ask<child_counts>(*this, top->process, count_children{}).failed == exit_reason::noproc());
    CHECK(happened() == "");
  }

  TEST_CASE_FIXTURE(supervising,
                    "terminate_child accepts the process of a child and rejects other processes") {
    under(supervisor_spec{.id = "top", .children = {child("a")}});
    const auto& stranger = start(child("b"));
    CHECK(says(terminate_child{.process = stranger.process}) == "not_found");
    CHECK(is_alive(stranger.process));
    CHECK(says(terminate_child{.process = process("a")}) == "ok");
    CHECK(listed() == "a down");
  }

  TEST_CASE_FIXTURE(supervising,
                    "a child that was added and restarted by requests is restarted after a crash") {
    under(supervisor_spec{.id = "top"});
    asked(start_child{child("a")});
    asked(terminate_child{"a"});
    const auto by_hand = asked(restart_child{"a"}).process;
    tell("a", crash{"x"});
    CHECK(process("a"));
    CHECK(process("a") != by_hand);
    CHECK(counted() == "1/1/0/1");
  }

  TEST_CASE_FIXTURE(supervising, "which_children lists children in the order of their starts") {
    under(supervisor_spec{.id = "top", .children = {child("c")}});
    asked(start_child{child("a")});
    asked(start_child{child("b")});
    CHECK(listed() == "c up, a up, b up");
    asked(terminate_child{"a"});
    CHECK(listed() == "c up, a down, b up");
    asked(delete_child{"a"});
    CHECK(listed() == "c up, b up");
    asked(start_child{child("a")});
    CHECK(listed() == "c up, b up, a up");
  }

  TEST_CASE_FIXTURE(
    supervising,
    "a child that ignores its start is kept without a process, unless it is temporary") {
    for (const auto policy : every_restart_policy) {
      CAPTURE(static_cast<int>(policy));
      under(supervisor_spec{.id = "top"});
      const auto ignored = asked(start_child{with(child("a", {init_does::ignore}), policy)});
      CHECK(ignored);
      CHECK_FALSE(ignored.process);
      const auto started = asked(start_child{with(child("b"), policy)}).process;
      CHECK(started == process("b"));
      if (policy == restart_policy::temporary) {
        CHECK(listed() == "b up");
        CHECK(counted() == "1/1/0/1");
      } else {
        CHECK(listed() == "a down, b up");
        CHECK(counted() == "2/1/0/2");
        const auto restarted = asked(restart_child{"a"}).process;
        CHECK(restarted == process("a"));
      }
      end_abruptly(top->process);
    }
  }

  TEST_CASE_FIXTURE(supervising, "a child that ignores its restart stays down and is not retried") {
    for (const auto how : every_strategy) {
      under(supervisor_spec{.id = "top",
                            .strategy = how,
                            .children = {child("a", {init_does::succeed, init_does::ignore})}});
      tell("a", crash{"x"});
      CHECK(happened() == "end a, start a, end a");
      CHECK(listed() == "a down");
      CHECK(top->up());
      end_abruptly(top->process);
    }
  }

  TEST_CASE_FIXTURE(supervising,
                    "a child whose start fails is not kept, and the answer has the reason") {
    under(supervisor_spec{.id = "top"});
    const auto text = [this](child_spec spec) {
      const auto failed = asked(start_child{std::move(spec)});
      CHECK(failed.error == supervision_errc::start_failed);
      CHECK_FALSE(failed.process);
      CHECK(listed() == "");
      return failed.text;
    };
    CHECK(text(child("a", {init_does::fail})) == "no luck");
    CHECK(text(child("a", {init_does::stop})) == "shutdown: not today");
    CHECK(text(child("a", {init_does::finish})) == "normal");
    CHECK(
      text({.id = "a",
            .start = [](start_context) -> caf::actor { throw std::runtime_error{"no memory"}; }})
      == "no memory");
    CHECK(text({.id = "a", .start = [](start_context) { return caf::actor{}; }})
          == "the start function returned no process");
    CHECK(top->up());
  }

  TEST_CASE_FIXTURE(
    supervising,
    "a failed restart_child is answered with the error, and is neither retried nor counted") {
    under(supervisor_spec{.id = "top",
                          .restarts = {.at_most = 0, .within = 1h},
                          .children = {child("a", {init_does::succeed, init_does::fail,
                                                   init_does::fail, init_does::fail})}});
    asked(terminate_child{"a"});
    for (int attempt = 0; attempt < 3; ++attempt) {
      happened();
      const auto failed = asked(restart_child{"a"});
      CHECK(failed.error == supervision_errc::start_failed);
      CHECK(failed.text == "no luck");
      CHECK(happened() == "start a, end a");
      CHECK(listed() == "a down");
    }
    CHECK(says(restart_child{"a"}) == "ok");
    CHECK(top->up());
  }

  TEST_CASE_FIXTURE(
    supervising,
    "start_child with a taken name is answered with already_started and the name's holder") {
    under(supervisor_spec{.id = "top"});
    const auto& outsider = start(named(child("outsider"), "x"));
    const auto refused = asked(start_child{named(child("a"), "x")});
    CHECK(refused.error == supervision_errc::already_started);
    CHECK(refused.process == outsider.process);
    CHECK(listed() == "");
    CHECK(top->up());
  }

  TEST_CASE_FIXTURE(
    supervising,
    "when the answer to a failed start arrives, the process is dead and its name is free") {
    under(supervisor_spec{.id = "top"});
    for (const auto init :
         {init_does::fail, init_does::stop, init_does::finish, init_does::ignore, init_does::defer})
      for (int attempt = 0; attempt < 5; ++attempt) {
        auto spec = with(named(child("a", {init}), "x"), restart_policy::temporary);
        spec.start_timeout = 200ms;
        const auto answer = ask_later<child_result>(*this, top->process, start_child{spec});
        // Stops running actors as soon as the answer arrives.
        const auto until = time.now() + 1min;
        while (!answer->answer && time.now() < until)
          if (!time.step())
            time.advance(100ms);
        REQUIRE(answer->answer);
        CHECK_FALSE(answer->answer->process);
        CHECK_FALSE(process("a"));
        CHECK_FALSE(names->whereis("x"));
        const auto next
          = asked(start_child{with(named(child("b"), "x"), restart_policy::temporary)});
        CHECK(next.process == names->whereis("x"));
        asked(terminate_child{"b"});
      }
  }

  TEST_CASE_FIXTURE(
    supervising,
    "restart policy and kind of end decide whether a child is restarted, kept down or forgotten") {
    enum class way { kill, finish, crash, terminate };
    for (const auto policy : every_restart_policy)
      for (const auto how : {way::kill, way::finish, way::crash, way::terminate}) {
        CAPTURE(static_cast<int>(policy));
        CAPTURE(static_cast<int>(how));
        under(supervisor_spec{.id = "top", .children = {with(child("a"), policy)}});
        switch (how) {
          case way::kill: end_abruptly(process("a")); break;
          case way::finish: tell("a", test::finish{}); break;
          case way::crash: tell("a", test::crash{"x"}); break;
          case way::terminate: asked(terminate_child{"a"}); break;
        }
        const bool down
          = how == way::terminate || (how == way::finish && policy == restart_policy::transient);
        const auto* expected = policy == restart_policy::temporary ? "ok"
                               : down                              ? "already_present"
                                                                   : "already_started";
        CHECK(says(start_child{with(child("a"), policy)}) == expected);
        if (down && policy != restart_policy::temporary)
          CHECK(says(restart_child{"a"}) == "ok");
        CHECK(listed() == "a up");
        end_abruptly(top->process);
      }
  }

  TEST_CASE_FIXTURE(supervising, "while a child waits for its restart, start_child, restart_child "
                                 "and delete_child are rejected") {
    auto spec = child("a");
    spec.restart_delay = backoff_settings{.first = 1s, .at_once = 0};
    spec.shutdown = shutdown_policy::brutal_kill();
    under(
      supervisor_spec{.id = "top", .restarts = {.at_most = 8, .within = 10s}, .children = {spec}});
    tell("a", crash{"x"});
    CHECK(says(start_child{spec}) == "already_present");
    CHECK(says(restart_child{"a"}) == "restarting");
    CHECK(says(delete_child{"a"}) == "restarting");
    CHECK(listed() == "a restarting");
    CHECK(counted() == "1/0/0/1");
    CHECK(says(terminate_child{"a"}) == "ok");
    CHECK(listed() == "a down");
    time.advance(1min);
    CHECK(listed() == "a down");
    CHECK(says(restart_child{"a"}) == "ok");
    tell("a", crash{"x"});
    ask_to_end(top->process);
    CHECK(top->ended == exit_reason::shutdown());
  }
}
