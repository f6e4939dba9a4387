#include <ottla/actors/call.hpp>

#include "actors/inspecting.hpp"
#include "support/patience.hpp"

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

TEST_SUITE("introspection") {
  TEST_CASE_FIXTURE(inspecting, "get_state returns the process's own state_text") {
    const auto& a = begin();
    send(a.process, 3);
    CHECK(answered<std::string>(a.process, get_state{}) == "total 3");
    CHECK(answered<std::string>(process_ref{names, "sums"}, get_state{}) == "total 3");
  }

  TEST_CASE_FIXTURE(inspecting, "get_state returns the type's name by default") {
    const auto& p = start(child("p"));
    CHECK(answered<std::string>(p.process, get_state{}) == "ottla::test::probe");
  }

  TEST_CASE_FIXTURE(inspecting, "an exception in state_text fails get_state and not the process") {
    const auto& a = begin();
    send(a.process, 1001);
    const auto got = ask<std::string>(a.process, get_state{});
    REQUIRE(*got);
    REQUIRE_FALSE((*got)->has_value());
    CHECK((*got)->error() == exit_reason::crashed("too much to tell"));
    CHECK(answered<process_status>(a.process, get_status{}).state == "too much to tell");
    CHECK(a.up());
  }

  TEST_CASE_FIXTURE(inspecting, "an introspection request to an unknown name fails with noproc") {
    const auto got = ask<process_status>(process_ref{names, "nobody"}, get_status{});
    REQUIRE(*got);
    CHECK((*got)->error() == exit_reason::noproc());
  }

  TEST_CASE_FIXTURE(inspecting, "get_status returns path, name, state, flags and mailbox length") {
    const auto& a = begin();
    const auto status = answered<process_status>(a.process, get_status{});
    CHECK(status.path == "adder");
    CHECK(status.name == "sums");
    CHECK(status.state == "total 0");
    CHECK_FALSE(status.suspended);
    CHECK_FALSE(status.traps_exits);
    CHECK(status.traces == 0);
    CHECK(status.mailbox_length == 0);
    CHECK(to_string(status) == "adder \"sums\": running, state: total 0");
  }

  TEST_CASE_FIXTURE(inspecting,
                    "a call without a handler fails, whether the process is traced or not") {
    const auto& a = begin();
    const auto check = [&] {
      const auto got = ask<int>(a.process, unknown{});
      REQUIRE(*got);
      REQUIRE_FALSE((*got)->has_value());
      CHECK((*got)->error() == exit_reason::crashed("the process has no handler for this message"));
      CHECK(a.up());
    };
    check();
    read(a.process);
    check();
    CHECK(joined(traced).find("adder got call ottla::test::unknown, adder answered failure") == 0);
  }

  TEST_CASE_FIXTURE(inspecting,
                    "messages and answers are counted from the count_messages request on") {
    const auto& a = begin();
    send(a.process, 1);
    CHECK_FALSE(answered<process_statistics>(a.process, get_statistics{}).since);
    time.advance(2s);
    const auto now = time.now();
    answered<void>(a.process, count_messages{true});
    time.advance(1s);
    send(a.process, 1);
    answered<int>(a.process, sum{});
    ask<int>(a.process, sum_later{});
    auto figures = answered<process_statistics>(a.process, get_statistics{});
    CHECK(figures.since == now);
    CHECK(figures.messages_in == 3);
    CHECK(figures.answers_out == 1);
    CHECK(figures.mailbox_length == 0);
    post(a.process, sum_now{});
    time.run();
    CHECK(answered<process_statistics>(a.process, get_statistics{}).answers_out == 2);
    answered<void>(a.process, count_messages{false});
    send(a.process, 1);
    figures = answered<process_statistics>(a.process, get_statistics{});
    CHECK_FALSE(figures.since);
    CHECK(figures.messages_in == 0);
  }

  TEST_CASE_FIXTURE(inspecting,
                    "mailbox_length counts waiting messages and excludes the current message") {
    const auto& a = begin();
    time.hang(a.process);
    const auto into = std::make_shared<std::optional<call_result<process_status>>>();
    time.system().spawn<questioner<process_status, get_status>>(a.process, get_status{}, into);
    time.run();
    for (const auto number : {1, 2, 3})
      post(a.process, put{number});
    time.wake(a.process);
    time.run();
    REQUIRE(*into);
    CHECK((**into)->mailbox_length == 3);
  }

  TEST_CASE_FIXTURE(inspecting, "a process that is not a server answers introspection requests") {
    const auto& p = start(child("p"));
    answered<void>(p.process, suspend{});
    tell("p", note{"here"});
    CHECK(happened() == "start p");
    answered<void>(p.process, resume{});
    CHECK(happened() == "here");
    read(p.process);
    tell("p", note{"again"});
    CHECK(joined(traced) == "p got ottla::test::note");
  }

  TEST_CASE("a thread outside the actor system can inspect a process") {
    init_message_types();
    caf::actor_system_config config;
    set_scheduler(config, scheduling::sharing, 2);
    caf::actor_system system{config};
    const auto log = std::make_shared<std::vector<std::string>>();
    const process_ref a{
      start_context{.system = system,
                    .process = {.label = std::make_shared<const process_label>(process_label{"a"})}}
        .spawn<adder>(log)};
    CHECK(call<void>(system, a, patience(), suspend{}));
    CHECK(post(a, put{1}));
    CHECK(*call<std::string>(system, a, patience(), get_state{}) == "total 0");
    CHECK(call<process_status>(system, a, patience(), get_status{})->mailbox_length == 1);
    CHECK(call<void>(system, a, patience(), resume{}));
    CHECK(*call<int>(system, a, patience(), sum{}) == 1);
    kill(a.resolve());
  }
}
