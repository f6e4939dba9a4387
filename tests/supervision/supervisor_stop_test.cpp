#include "support/stop_caller.hpp"
#include "support/supervising.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

struct ending : supervising {
  void add(const child_spec& spec) { CHECK(says(start_child{spec}) == "ok"); }
};

const std::vector<exit_reason> answers_to_a_shutdown
  = {exit_reason::normal(), exit_reason::shutdown(), exit_reason::shutdown("test"),
     exit_reason::crashed("other")};

} // namespace

TEST_SUITE("supervisor: stop of all") {
  TEST_CASE_FIXTURE(
    ending, "a supervisor ends each child as the child's spec says, and then ends with shutdown") {
    auto as_supervisor = child("as_supervisor");
    as_supervisor.type = child_type::supervisor;
    under(supervisor_spec{.id = "top",
                          .children = {with(as_supervisor, shutdown_policy::infinity()),
                                       with(child("worker"), shutdown_policy::infinity()),
                                       with(child("soon"), 1s),
                                       with(child("at_once"), shutdown_policy::brutal_kill()),
                                       with(deaf_child("deaf"), 1s)}});
    ask_to_end(top->process);
    CHECK(happened() == "deaf deaf");
    time.advance(1s);
    CHECK(ends()
          == "deaf killed, at_once killed, soon shutdown, worker shutdown, as_supervisor shutdown");
    CHECK(top->ended == exit_reason::shutdown());
  }

  TEST_CASE_FIXTURE(ending, "a child that ends with another reason after a shutdown request keeps "
                            "that reason and stays down") {
    for (const auto policy : every_restart_policy)
      for (const auto& reason : answers_to_a_shutdown) {
        CAPTURE(reason);
        under(supervisor_spec{
          .id = "top",
          .children = {with(child("a"), policy), with(child_that_answers("b", reason), policy)}});
        ask_to_end(top->process);
        CHECK(ends() == "b " + to_string(reason) + ", a shutdown");
        CHECK(happened() == "end b, end a");
        CHECK(top->ended == exit_reason::shutdown());
      }
  }

  TEST_CASE_FIXTURE(ending, "children that end by themselves while a stop waits keep their reasons "
                            "and do not block the stop") {
    supervisor_spec spec{.id = "top",
                         .children = {with(child("first"), restart_policy::temporary)}};
    for (const auto policy : every_restart_policy)
      for (std::size_t which = 0; which < answers_to_a_shutdown.size(); ++which)
        spec.children.push_back(
          with(with(child(fmt::format("{}-{}", static_cast<int>(policy), which)), policy), 1000ms));
    spec.children.push_back(with(deaf_child("last"), 2000ms));
    under(spec);
    ask_to_end(top->process);
    CHECK(happened() == "deaf last");
    time.advance(200ms);
    std::string expected;
    for (const auto policy : every_restart_policy)
      for (std::size_t which = 0; which < answers_to_a_shutdown.size(); ++which) {
        const auto id = fmt::format("{}-{}", static_cast<int>(policy), which);
        tell(id, finish{answers_to_a_shutdown[which]});
        expected += id + ' ' + to_string(answers_to_a_shutdown[which]) + ", ";
      }
    CHECK_FALSE(top->ended);
    time.advance(800ms);
    tell("last", finish{exit_reason::shutdown()});
    CHECK(ends() == expected + "last shutdown, first shutdown");
    CHECK(top->ended == exit_reason::shutdown());
    CHECK(happened().find("start") == std::string::npos);
  }

  TEST_CASE_FIXTURE(ending,
                    "ottla::stop ends a supervisor, and each child by its shutdown policy") {
    under(supervisor_spec{.id = "top",
                          .children = {with(child("a"), shutdown_policy::brutal_kill()),
                                       with(child("b"), 1s), with(deaf_child("c"), 1s)}});
    const auto told = stop_on(*this, top->process);
    CHECK(*told == "");
    time.advance(1s);
    CHECK(*told == "done");
    CHECK(ends() == "c killed, b shutdown, a killed");
    CHECK(top->ended == exit_reason::normal());
  }

  TEST_CASE_FIXTURE(ending, "a supervisor continues to stop after the caller's timeout") {
    under(
      supervisor_spec{.id = "top", .children = {with(deaf_child("a"), 5s), with(child("b"), 1s)}});
    const auto told = stop_on(*this, top->process, exit_reason::normal(), 100ms);
    time.advance(100ms);
    CHECK(*told == "timeout");
    CHECK_FALSE(top->ended);
    tell("a", finish{exit_reason::shutdown()});
    CHECK(top->ended == exit_reason::normal());
    CHECK(ends() == "b shutdown, a shutdown");
  }
}

TEST_SUITE("dynamic_supervisor: stop of all") {
  TEST_CASE_FIXTURE(ending, "a dynamic supervisor requests all shutdowns at the same time and "
                            "waits for each child's shutdown time") {
    under(dynamic_supervisor_spec{.id = "top"});
    for (const auto* id : {"a", "b", "c"})
      add(with(deaf_child(id), 2s));
    ask_to_end(top->process);
    time.advance(1s);
    CHECK_FALSE(top->ended);
    tell("a", finish{exit_reason::shutdown()});
    tell("b", finish{exit_reason::shutdown()});
    time.advance(1s - 1ms);
    CHECK_FALSE(top->ended);
    time.advance(1ms);
    CHECK(ends() == "a shutdown, b shutdown, c killed");
    CHECK(top->ended == exit_reason::shutdown());
  }

  TEST_CASE_FIXTURE(ending,
                    "a dynamic supervisor kills brutal_kill children without a shutdown request") {
    under(dynamic_supervisor_spec{.id = "top"});
    for (int number = 0; number < 10; ++number)
      add(with(deaf_child(std::to_string(number)), shutdown_policy::brutal_kill()));
    happened();
    ask_to_end(top->process);
    CHECK(happened().find("deaf") == std::string::npos);
    CHECK(ends()
          == "0 killed, 1 killed, 2 killed, 3 killed, 4 killed, 5 killed, 6 killed, 7 killed, "
             "8 killed, 9 killed");
    CHECK(top->ended == exit_reason::shutdown());
  }

  TEST_CASE_FIXTURE(ending, "children of a dynamic supervisor end with their own reasons, and the "
                            "supervisor with shutdown") {
    for (const auto policy : every_restart_policy) {
      under(dynamic_supervisor_spec{.id = "top"});
      std::string expected;
      for (const auto& reason : answers_to_a_shutdown) {
        add(with(child_that_answers("x", reason), policy));
        expected += (expected.empty() ? "x " : ", x ") + to_string(reason);
      }
      happened();
      ask_to_end(top->process);
      CHECK(ends() == expected);
      CHECK(happened() == "end x, end x, end x, end x");
      CHECK(top->ended == exit_reason::shutdown());
    }
  }
}
