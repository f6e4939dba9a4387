#include "actors/inspecting.hpp"

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

TEST_SUITE("introspection") {
  TEST_CASE_FIXTURE(inspecting, "a trace reports messages, calls and answers in order") {
    const auto& a = begin();
    read(a.process);
    send(a.process, 2);
    answered<int>(a.process, sum{});
    CHECK(joined(traced) == "adder got put 2, adder got call ottla::test::sum, adder answered 2");
  }

  TEST_CASE_FIXTURE(inspecting, "a trace reports deferred answers and failed answers") {
    const auto& a = begin();
    read(a.process);
    const auto early = ask<int>(a.process, sum_later{});
    CHECK(joined(traced) == "adder got call ottla::test::sum_later");
    post(a.process, sum_now{});
    time.run();
    CHECK(joined(traced) == "adder got ottla::test::sum_now, adder answered 0");
    const auto late = ask<int>(a.process, sum_later{});
    send(a.process, -1);
    CHECK(joined(traced)
          == "adder got call ottla::test::sum_later, adder got put -1, "
             "adder answered failure: crashed: below zero");
    CHECK(early->value().has_value());
    CHECK((*late)->error() == exit_reason::crashed("below zero"));
  }

  TEST_CASE_FIXTURE(inspecting, "a trace reports the process, its peer and the time") {
    const auto& a = begin();
    std::vector<process_trace> events;
    answered<trace_ref>(a.process,
                        trace_with{[&](const process_trace& event) { events.push_back(event); }});
    const auto before = time.now();
    time.advance(5s);
    send(a.process, 1);
    answered<int>(a.process, sum{});
    REQUIRE(events.size() == 3);
    CHECK(events[0].when == before + 5s);
    CHECK(events[0].process == a.process.address());
    CHECK_FALSE(events[0].peer);
    CHECK(events[1].what == process_trace::kind::call);
    CHECK(events[1].peer);
    CHECK(events[2].what == process_trace::kind::answer);
    CHECK(events[2].peer == events[1].peer);
  }

  TEST_CASE_FIXTURE(inspecting, "a trace to an actor ends with the actor") {
    const auto& a = begin();
    auto to = caf::actor_cast<caf::actor>(time.system().spawn<reader>(traced));
    answered<trace_ref>(a.process, trace_to{to});
    send(a.process, 1);
    CHECK(joined(traced) == "adder got put 1");
    CHECK(answered<process_status>(a.process, get_status{}).traces == 1);
    end_abruptly(to);
    send(a.process, 2);
    CHECK(answered<process_status>(a.process, get_status{}).traces == 0);
    CHECK(noted() == "put 1, put 2");
  }

  TEST_CASE_FIXTURE(inspecting,
                    "stop_trace ends one trace, and a trace whose function throws ends itself") {
    const auto& a = begin();
    const auto first = read(a.process);
    read(a.process);
    answered<trace_ref>(a.process, trace_with{[](const process_trace&) { throw 1; }});
    send(a.process, 1);
    CHECK(joined(traced) == "adder got put 1, adder got put 1");
    CHECK(answered<process_status>(a.process, get_status{}).traces == 2);
    answered<void>(a.process, stop_trace{first});
    send(a.process, 2);
    CHECK(joined(traced) == "adder got put 2");
    CHECK(noted() == "put 1, put 2");
  }

  TEST_CASE_FIXTURE(inspecting, "a trace reports the message that crashes the process") {
    const auto& a = begin();
    read(a.process);
    send(a.process, -1);
    CHECK(a.ended == exit_reason::crashed("below zero"));
    CHECK(joined(traced) == "adder got put -1");
  }
}
