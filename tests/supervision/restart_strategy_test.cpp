#include "support/supervising.hpp"

#include <doctest/doctest.h>

#include <deque>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

constexpr restart_limit four{.at_most = 4, .within = 1h};

std::deque<init_does> once_and_then(init_does later) {
  std::deque<init_does> inits(100, later);
  inits.front() = init_does::succeed;
  return inits;
}

std::string times(int count, const std::string& what) {
  std::string result;
  for (; count > 0; --count)
    result += ", " + what;
  return result;
}

child_spec waiting_a_second(child_spec spec) {
  spec.restart_delay = backoff_settings{.first = 1s, .at_once = 0};
  spec.shutdown = shutdown_policy::brutal_kill();
  return spec;
}

} // namespace

TEST_SUITE("supervisor: strategies") {
  TEST_CASE_FIXTURE(supervising, "a child outside the failed child's group keeps its process") {
    const std::vector<std::string> ids{"a", "b", "c"};
    for (const auto how : every_strategy)
      for (std::size_t failed = 0; failed < ids.size(); ++failed) {
        CAPTURE(static_cast<int>(how));
        CAPTURE(failed);
        under(supervisor_spec{
          .id = "top", .strategy = how, .children = {child("a"), child("b"), child("c")}});
        CHECK(counted() == "3/3/0/3");
        std::vector<caf::actor> before;
        for (const auto& id : ids)
          before.push_back(process(id));
        tell(ids[failed], crash{"x"});
        for (std::size_t one = 0; one < ids.size(); ++one) {
          CAPTURE(one);
          const bool replaced = one == failed || how == strategy::one_for_all
                                || (how == strategy::rest_for_one && one > failed);
          CHECK(is_alive(process(ids[one])));
          CHECK((process(ids[one]) != before[one]) == replaced);
        }
        CHECK(counted() == "3/3/0/3");
        end_abruptly(top->process);
      }
  }

  TEST_CASE_FIXTURE(supervising, "a group's restart counts as one restart") {
    for (const auto how : every_strategy) {
      under(supervisor_spec{.id = "top",
                            .strategy = how,
                            .restarts = {.at_most = 2, .within = 1h},
                            .children = {child("a"), child("b"), child("c")}});
      tell("b", crash{"x"});
      tell("c", crash{"x"});
      CHECK(top->up());
      tell("a", crash{"x"});
      REQUIRE(top->ended);
      CHECK(top->ended->what == exit_reason::kind::shutdown);
      CHECK_FALSE(process("b"));
      CHECK_FALSE(process("c"));
    }
  }

  TEST_CASE_FIXTURE(
    supervising,
    "a child whose restart always fails is retried up to the limit, and then all children end") {
    for (const auto how : every_strategy) {
      under(supervisor_spec{.id = "top",
                            .strategy = how,
                            .restarts = four,
                            .children = {child("a", once_and_then(init_does::fail)), child("b")}});
      tell("a", crash{"x"});
      const std::string group = how == strategy::one_for_one ? "" : ", end b";
      const std::string last = how == strategy::one_for_one ? ", end b" : "";
      CHECK(happened() == "end a" + group + times(4, "start a, end a") + last);
      CHECK(top->ended->what == exit_reason::kind::shutdown);
    }
  }

  TEST_CASE_FIXTURE(
    supervising,
    "under one_for_all, each retry of a sibling's failing restart restarts the whole group") {
    under(supervisor_spec{.id = "top",
                          .strategy = strategy::one_for_all,
                          .restarts = four,
                          .children = {child("a"), child("b", once_and_then(init_does::fail))}});
    tell("a", crash{"x"});
    CHECK(happened() == "end a, end b" + times(4, "start a, start b, end b, end a"));
    CHECK(top->ended->what == exit_reason::kind::shutdown);
  }

  TEST_CASE_FIXTURE(
    supervising,
    "under rest_for_one, each retry of a failing restart leaves earlier children running") {
    under(supervisor_spec{.id = "top",
                          .strategy = strategy::rest_for_one,
                          .restarts = four,
                          .children = {child("a"), child("b", once_and_then(init_does::fail))}});
    tell("a", crash{"x"});
    CHECK(happened() == "end a, end b, start a" + times(4, "start b, end b") + ", end a");
    CHECK(top->ended->what == exit_reason::kind::shutdown);
  }

  TEST_CASE_FIXTURE(supervising,
                    "an init that stops with normal in a group's restart is retried as a failure") {
    const std::deque<init_does> inits{init_does::succeed, init_does::finish};
    under(supervisor_spec{
      .id = "top", .strategy = strategy::one_for_all, .children = {child("a"), child("b", inits)}});
    tell("a", crash{"x"});
    CHECK(ends() == "a crashed: x, b shutdown, a shutdown");
    CHECK(happened() == "end a, end b, start a, start b, end b, end a, start a, start b");
    CHECK(counted() == "2/2/0/2");
    end_abruptly(top->process);

    under(supervisor_spec{.id = "top",
                          .strategy = strategy::rest_for_one,
                          .children = {child("a"), child("b", inits)}});
    tell("a", crash{"x"});
    CHECK(ends() == "a crashed: x, b shutdown");
    CHECK(happened() == "end a, end b, start a, start b, end b, start b");
    CHECK(counted() == "2/2/0/2");
  }

  TEST_CASE_FIXTURE(
    supervising, "starts, restarts and stops follow the order of the spec's list, not of the ids") {
    under(
      supervisor_spec{.id = "top",
                      .strategy = strategy::rest_for_one,
                      .children = {child("d"), child("a"), child("e"), child("b"), child("c")}});
    const auto d = process("d");
    const auto a = process("a");
    CHECK(listed() == "d up, a up, e up, b up, c up");
    tell("e", crash{"x"});
    CHECK(happened() == "end e, end c, end b, start e, start b, start c");
    CHECK(process("d") == d);
    CHECK(process("a") == a);
    ask_to_end(top->process);
    CHECK(happened() == "end c, end b, end e, end a, end d");
  }

  TEST_CASE_FIXTURE(supervising, "restarts up to the limit are allowed again in each period") {
    under(supervisor_spec{
      .id = "top", .restarts = {.at_most = 1, .within = 1s}, .children = {child("a")}});
    for (int crashes = 0; crashes < 4; ++crashes) {
      tell("a", crash{"x"});
      time.advance(2100ms);
    }
    CHECK(top->up());
    CHECK(says(terminate_child{"a"}) == "ok");
    CHECK(says(delete_child{"a"}) == "ok");
  }

  TEST_CASE_FIXTURE(
    supervising,
    "while a failed child waits for its restart, the members that were stopped for it wait too") {
    under(supervisor_spec{.id = "top",
                          .strategy = strategy::rest_for_one,
                          .restarts = {.at_most = 8, .within = 10s},
                          .children = {child("a"), waiting_a_second(child("b")), child("c")}});
    const auto a = process("a");
    tell("b", crash{"x"});
    CHECK(listed() == "a up, b restarting, c restarting");
    CHECK(process("a") == a);
    CHECK(counted() == "3/1/0/3");

    SUBCASE("terminating the failed child leaves the group down") {
      CHECK(says(terminate_child{"b"}) == "ok");
      time.advance(1min);
      CHECK(listed() == "a up, b down, c down");
      CHECK(says(restart_child{"b"}) == "ok");
      CHECK(listed() == "a up, b up, c down");
    }
    SUBCASE("a stop ends the wait") {
      ask_to_end(top->process);
      CHECK(top->ended == exit_reason::shutdown());
      CHECK(happened() == "end b, end c, end a");
    }
  }
}
