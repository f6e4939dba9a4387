#include "actors/inspecting.hpp"

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

TEST_SUITE("introspection") {
  TEST_CASE_FIXTURE(inspecting,
                    "messages to a suspended process wait, and are handled in order after resume") {
    const auto& a = begin();
    answered<void>(a.process, suspend{});
    for (const auto number : {1, 2, 3})
      send(a.process, number);
    const auto total = ask<int>(a.process, sum{});
    send(a.process, 4);
    CHECK(noted() == "");
    CHECK_FALSE(*total);
    const auto status = answered<process_status>(a.process, get_status{});
    CHECK(status.suspended);
    CHECK(status.mailbox_length == 5);
    CHECK(to_string(status) == "adder \"sums\": suspended, 5 messages wait, state: total 0");
    // get_status does not change the mailbox, so a second get_status shows the same length.
    CHECK(answered<process_status>(a.process, get_status{}).mailbox_length == 5);
    answered<void>(a.process, suspend{});
    answered<void>(a.process, resume{});
    CHECK(noted() == "put 1, put 2, put 3, put 4");
    REQUIRE(*total);
    CHECK(***total == 6);
    CHECK_FALSE(answered<process_status>(a.process, get_status{}).suspended);
  }

  TEST_CASE_FIXTURE(inspecting,
                    "messages before and after a resume in the mailbox keep their order") {
    const auto& a = begin();
    answered<void>(a.process, suspend{});
    time.hang(a.process);
    for (const auto number : {1, 2})
      post(a.process, put{number});
    post(a.process, resume{});
    for (const auto number : {3, 4})
      post(a.process, put{number});
    time.wake(a.process);
    time.run();
    CHECK(noted() == "put 1, put 2, put 3, put 4");
  }

  TEST_CASE_FIXTURE(inspecting,
                    "a shutdown request ends a suspended process and runs its terminate") {
    const auto& a = begin();
    answered<void>(a.process, suspend{});
    send(a.process, 1);
    ask_to_end(a.process);
    CHECK(a.ended == exit_reason::shutdown());
    CHECK(noted() == "terminate shutdown");
  }

  TEST_CASE_FIXTURE(
    inspecting, "a kill ends a suspended process and fails the calls that it has not answered") {
    const auto& a = begin();
    answered<void>(a.process, suspend{});
    const auto total = ask<int>(a.process, sum{});
    end_abruptly(a.process);
    CHECK(a.ended == exit_reason::killed());
    REQUIRE(*total);
    CHECK_FALSE((*total)->has_value());
  }

  TEST_CASE_FIXTURE(inspecting, "a suspended process ends if a linked process crashes, unless the "
                                "suspended process traps exits") {
    const auto& a = begin();
    const auto& p = start(child("p"));
    bool traps = false;
    SUBCASE("untrapped") {}
    SUBCASE("trapped") {
      traps = true;
    }
    post(a.process, act{[&, peer = p.process](ottla::process& self) {
           link(&self, peer);
           static_cast<adder&>(self).trap(traps);
         }});
    time.run();
    answered<void>(a.process, suspend{});
    tell("p", crash{"x"});
    CHECK(noted() == "");
    if (!traps) {
      CHECK(a.ended == exit_reason::crashed("x"));
      return;
    }
    CHECK(a.up());
    answered<void>(a.process, resume{});
    CHECK(noted() == "exit crashed: x");
  }

  TEST_CASE_FIXTURE(inspecting, "DOWNs for a suspended process wait until resume") {
    const auto& p = start(child("p"));
    const auto& a = begin();
    post(a.process, act{[this, peer = p.process](ottla::process& self) {
           ottla::monitor(&self, peer);
           on_down(&self, [this](const caf::down_msg& down) {
             log_lines->push_back("watched " + to_string(to_exit_reason(down.reason)));
           });
           start_watching(&self, peer);
         }});
    time.run();
    answered<void>(a.process, suspend{});
    tell("p", crash{"x"});
    CHECK(noted() == "");
    answered<void>(a.process, resume{});
    const auto seen = noted();
    CHECK(seen.find("watched crashed: x") != std::string::npos);
    CHECK(seen.find("down crashed: x") != std::string::npos);
  }

  TEST_CASE_FIXTURE(inspecting, "a trace and a message count of a suspended process start with the "
                                "first message after its resume") {
    const auto& a = begin();
    answered<void>(a.process, suspend{});
    read(a.process);
    answered<void>(a.process, count_messages{true});
    send(a.process, 1);
    CHECK(joined(traced) == "");
    answered<void>(a.process, resume{});
    CHECK(joined(traced) == "adder got put 1");
    CHECK(answered<process_statistics>(a.process, get_statistics{}).messages_in == 1);
  }
}
