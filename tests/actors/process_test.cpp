#include <ottla/actors/introspection.hpp>

#include "support/stage.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::test;
using outcome = process_started::outcome;

TEST_SUITE("process") {
  TEST_CASE("the starter of a process gets ok when init is done") {
    stage on;
    const auto& seen = on.start(on.child("a"));
    REQUIRE(seen.answer);
    CHECK(seen.answer->result == outcome::ok);
    CHECK(seen.up());
  }

  TEST_CASE("a process that ignores its start ends normally") {
    stage on;
    const auto& seen = on.start(on.child("a", {init_does::ignore}));
    REQUIRE(seen.answer);
    CHECK(seen.answer->result == outcome::ignored);
    CHECK(seen.ended == exit_reason::normal());
  }

  TEST_CASE("an exception in init fails the start with the exception's text") {
    stage on;
    const auto& seen = on.start(on.child("a", {init_does::fail}));
    REQUIRE(seen.answer);
    CHECK(seen.answer->result == outcome::failed);
    CHECK(seen.answer->text == "no luck");
    CHECK(seen.ended == exit_reason::crashed("no luck"));
  }

  TEST_CASE("a stop in init fails the start") {
    stage on;
    const auto& seen = on.start(on.child("a", {init_does::stop}));
    REQUIRE(seen.answer);
    CHECK(seen.answer->result == outcome::failed);
    CHECK(seen.answer->text == "shutdown: not today");
    CHECK(seen.ended == exit_reason::shutdown("not today"));
  }

  TEST_CASE("a deferred start completes with start_done") {
    stage on;
    const auto& seen = on.start(on.child("a", {init_does::defer}));
    CHECK_FALSE(seen.answer);
    on.tell("a", be_ready{});
    CHECK(seen.up());
  }

  TEST_CASE("a shutdown before start_done fails a deferred start") {
    stage on;
    const auto& seen = on.start(on.child("a", {init_does::defer}));
    on.ask_to_end(on.process("a"));
    REQUIRE(seen.answer);
    CHECK(seen.answer->result == outcome::failed);
    CHECK(seen.ended == exit_reason::shutdown());
  }

  TEST_CASE("a crash before start_done ends the process without an answer to its starter") {
    stage on;
    const auto& seen = on.start(on.child("a", {init_does::defer}));
    on.tell("a", crash{"half way"});
    CHECK_FALSE(seen.answer);
    CHECK(seen.ended == exit_reason::crashed("half way"));
  }

  TEST_CASE("an exception in a handler ends the process with the exception's text") {
    stage on;
    const auto& seen = on.start(on.child("a"));
    on.tell("a", crash{"out of paper"});
    CHECK(seen.ended == exit_reason::crashed("out of paper"));
    CHECK(on.happened() == "start a, end a");
  }

  TEST_CASE("a shutdown request waits for earlier messages, and a kill does not") {
    stage on;
    const auto& patient = on.start(on.child("a"));
    auto a = on.process("a");
    post(a, note{"one"});
    post(a, note{"two"});
    on.ask_to_end(a);
    CHECK(patient.ended == exit_reason::shutdown());
    CHECK(on.happened() == "start a, one, two, end a");

    const auto& killed = on.start(on.child("b"));
    auto b = on.process("b");
    post(b, note{"one"});
    post(b, note{"two"});
    on.end_abruptly(b);
    CHECK(killed.ended == exit_reason::killed());
    CHECK(on.happened() == "start b, end b");
  }

  TEST_CASE("a process that ignores a shutdown request keeps running until it is killed") {
    stage on;
    const auto& seen = on.start(on.deaf_child("a"));
    on.ask_to_end(seen.process);
    CHECK(seen.up());
    on.end_abruptly(seen.process);
    CHECK(seen.ended == exit_reason::killed());
  }

  TEST_CASE("a process that was asked to end cannot be suspended") {
    stage on;
    const auto& seen = on.start(on.deaf_child("slow"));
    on.ask_to_end(seen.process);
    on.tell("slow", suspend{});
    on.tell("slow", finish{});
    CHECK(seen.ended == exit_reason::normal());
  }

  TEST_CASE("a process that is killed before its first turn ends") {
    stage on;
    auto spec = on.child("a");
    auto process = spec.start({.system = on.time.system(), .process = {}});
    on.time.hang(process);
    kill(process);
    on.time.wake(process);
    on.time.run();
    CHECK_FALSE(is_alive(process));
  }

  TEST_CASE("a cast without a handler ends neither sender nor receiver") {
    stage on;
    struct sender : process {
      using process::process;
      caf::behavior set_up() override {
        return {[this](const caf::actor& to) { cast(this, to, 42); }};
      }
    };
    const auto& from = on.start({.id = "from", .start = ottla::start<sender>()});
    const auto& to = on.start(on.child("to"));
    post(from.process, to.process);
    on.time.run();
    CHECK(from.up());
    CHECK(to.up());
  }

  TEST_CASE("a process holds its name from before init until it is dead") {
    stage on;
    auto spec = on.child("a");
    spec.name = "counter";
    struct looks_itself_up : process {
      looks_itself_up(caf::actor_config& config, process_context context, bool* found)
        : process{config, std::move(context)}, found_{found} {}
      caf::behavior set_up() override {
        *found_ = whereis("counter") == self();
        return {[](const note&) {}};
      }
      bool* found_;
    };
    bool found = false;
    const auto& seen
      = on.start({.id = "a", .start = ottla::start<looks_itself_up>(&found), .name = "counter"});
    CHECK(found);
    CHECK(on.names->whereis("counter") == seen.process);
    on.end_abruptly(seen.process);
    CHECK_FALSE(on.names->whereis("counter"));
  }

  TEST_CASE("a start under a taken name is answered with already_started and the holder, and init "
            "does not run") {
    stage on;
    auto first = on.child("a");
    first.name = "counter";
    auto second = on.child("b");
    second.name = "counter";
    const auto& holder = on.start(first);
    const auto& late = on.start(second);
    REQUIRE(late.answer);
    CHECK(late.answer->result == outcome::already_started);
    CHECK(late.answer->holder == holder.process);
    CHECK(late.ended == exit_reason::normal());
    CHECK(on.happened() == "start a, end b");
  }

  TEST_CASE("a new process can take the name of a dead holder") {
    stage on;
    auto spec = on.child("a");
    spec.name = "counter";
    const auto& first = on.start(spec);
    on.tell("a", crash{"x"});
    REQUIRE(first.ended);
    CHECK(on.start(spec).up());
  }

  TEST_CASE("a process ends and runs terminated() when its last handle is released") {
    stage on;
    auto spec = on.child("a");
    spec.start({.system = on.time.system(), .process = {}});
    on.time.run();
    CHECK(on.happened() == "start a, end a");
  }

  TEST_CASE("a request whose handler throws fails with the exception's text") {
    stage on;
    on.start(on.child("a"));
    struct asker : caf::event_based_actor {
      asker(caf::actor_config& config, caf::actor whom, caf::error* result)
        : caf::event_based_actor{config}, whom_{std::move(whom)}, result_{result} {}
      caf::behavior make_behavior() override {
        send_request(
          this, whom_, std::chrono::seconds{1}, crash{"no"}, [] {},
          [this](caf::error& failed) { *result_ = std::move(failed); });
        return {};
      }
      caf::actor whom_;
      caf::error* result_;
    };
    caf::error result;
    on.time.system().spawn<asker>(on.process("a"), &result);
    on.time.run();
    CHECK(to_exit_reason(result) == exit_reason::crashed("no"));
  }
}

TEST_SUITE("start_context") {
  TEST_CASE("in virtual time a detached process runs as a scheduled process") {
    stage on;
    auto spec = on.child("a");
    spec.run_as = execution::detached;
    CHECK(on.start(spec).up());
    on.tell("a", note{"here"});
    CHECK(on.happened() == "start a, here");
  }
}
