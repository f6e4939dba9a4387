#include "support/supervising.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

// A supervisor's kill does not wait behind the unhandled messages in the child's mailbox.

namespace {

struct busy_child : supervising {
  /// Makes the child "a" hang and sends it a hundred messages.
  caf::actor fill_mailbox() {
    const auto full = process("a");
    time.hang(full);
    for (int number = 0; number < 100; ++number)
      post(full, note{"handled " + std::to_string(number)});
    return full;
  }

  void check_killed_unheard(const caf::actor& full) {
    time.wake(full);
    time.run();
    CHECK_FALSE(is_alive(full));
    CHECK(happened().find("handled") == std::string::npos);
  }
};

} // namespace

TEST_SUITE("a kill overtakes a full mailbox") {
  TEST_CASE_FIXTURE(busy_child, "a brutal_kill overtakes the messages in the child's mailbox") {
    under(
      supervisor_spec{.id = "top", .children = {with(child("a"), shutdown_policy::brutal_kill())}});
    const auto full = fill_mailbox();
    ask_later<child_result>(*this, top->process, terminate_child{.id = "a"});
    time.run();
    check_killed_unheard(full);
  }

  TEST_CASE_FIXTURE(
    busy_child, "a kill after the shutdown time overtakes the messages in the child's mailbox") {
    under(supervisor_spec{.id = "top", .children = {with(deaf_child("a"), 1s)}});
    const auto full = fill_mailbox();
    ask_later<child_result>(*this, top->process, terminate_child{.id = "a"});
    time.advance(1s);
    check_killed_unheard(full);
  }

  TEST_CASE_FIXTURE(busy_child,
                    "a kill after start_timeout overtakes the messages in the child's mailbox") {
    auto slow = child("a", {init_does::defer});
    slow.start_timeout = 1s;
    under(dynamic_supervisor_spec{.id = "top"});
    ask_later<child_result>(*this, top->process, start_child{slow});
    time.run();
    const auto full = fill_mailbox();
    time.advance(1s);
    check_killed_unheard(full);
  }

  TEST_CASE_FIXTURE(
    busy_child,
    "the death of a killed supervisor overtakes the messages in its children's mailboxes") {
    for (const bool dynamic : {false, true}) {
      CAPTURE(dynamic);
      if (dynamic) {
        under(dynamic_supervisor_spec{.id = "top"});
        REQUIRE(says(start_child{child("a")}) == "ok");
      } else {
        under(supervisor_spec{.id = "top", .children = {child("a")}});
      }
      const auto full = fill_mailbox();
      end_abruptly(top->process);
      check_killed_unheard(full);
    }
  }

  TEST_CASE_FIXTURE(
    busy_child,
    "the kills of a hanging supervisor's children overtake the messages in their mailboxes") {
    under(
      supervisor_spec{.id = "top",
                      .children = {with(supervisor_spec{.id = "below", .children = {child("a")}},
                                        shutdown_policy::brutal_kill())}});
    const auto below = child_of(top->process, "below");
    const auto full = fill_mailbox();
    time.hang(below);
    ask_later<child_result>(*this, top->process, terminate_child{.id = "below"});
    // After the kill grace of 2 s, the supervisor above fences `below` and kills its children.
    time.advance(2s);
    check_killed_unheard(full);
    time.wake(below);
  }

  TEST_CASE_FIXTURE(busy_child,
                    "a kill of a supervisor overtakes the start_child requests in its mailbox") {
    under(
      supervisor_spec{.id = "top",
                      .children = {with(supervisor_spec{.id = "below", .children = {child("a")}},
                                        shutdown_policy::brutal_kill())}});
    const auto below = child_of(top->process, "below");
    const auto leaf = process("a");
    time.hang(below);
    for (int number = 0; number < 100; ++number)
      post(below, start_child{child("late" + std::to_string(number))});
    ask_later<child_result>(*this, top->process, terminate_child{.id = "below"});
    time.run();
    time.wake(below);
    time.run();
    CHECK_FALSE(is_alive(below));
    CHECK_FALSE(is_alive(leaf));
    CHECK(happened() == "end a");
  }
}
