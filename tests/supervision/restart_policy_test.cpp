#include "support/supervising.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <vector>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

// A process cannot end itself with `killed`, so the test kills it.
const std::vector<exit_reason> every_end
  = {exit_reason::normal(), exit_reason::shutdown(), exit_reason::shutdown("done"),
     exit_reason::crashed("x"), exit_reason::killed()};

struct ending : supervising {
  void end(const std::string& id, const exit_reason& reason) {
    if (reason == exit_reason::killed())
      end_abruptly(process(id));
    else
      tell(id, finish{reason});
  }
};

} // namespace

TEST_SUITE("restart_policy") {
  TEST_CASE_FIXTURE(ending, "restart policy and exit reason alone decide whether a child restarts, "
                            "stays down or is forgotten") {
    for (const auto how : every_strategy)
      for (const auto policy : every_restart_policy)
        for (const auto& reason : every_end) {
          CAPTURE(static_cast<int>(how));
          CAPTURE(static_cast<int>(policy));
          CAPTURE(reason);
          under(
            supervisor_spec{.id = "top", .strategy = how, .children = {with(child("a"), policy)}});
          const auto before = process("a");
          end("a", reason);
          CHECK(ends() == "a " + to_string(reason));
          if (policy == restart_policy::temporary) {
            CHECK(listed() == "");
            CHECK(counted() == "0/0/0/0");
            CHECK(says(start_child{child("a")}) == "ok");
          } else if (policy == restart_policy::transient && reason.orderly()) {
            CHECK(listed() == "a down");
            CHECK(counted() == "1/0/0/1");
            CHECK(says(restart_child{"a"}) == "ok");
          } else {
            CHECK(listed() == "a up");
            CHECK(process("a") != before);
            CHECK(counted() == "1/1/0/1");
          }
          CHECK(top->up());
          end_abruptly(top->process);
        }
  }

  TEST_CASE_FIXTURE(ending, "an orderly end of a transient child stops no sibling") {
    for (const auto how : every_strategy) {
      under(supervisor_spec{
        .id = "top",
        .strategy = how,
        .children = {child("a"), with(child("b"), restart_policy::transient), child("c")}});
      tell("b", finish{});
      CHECK(happened() == "end b");
      CHECK(listed() == "a up, b down, c up");
      end_abruptly(top->process);
    }
  }

  TEST_CASE_FIXTURE(ending, "a crash of a temporary child stops no sibling") {
    for (const auto how : every_strategy) {
      under(supervisor_spec{
        .id = "top",
        .strategy = how,
        .children = {child("a"), with(child("b"), restart_policy::temporary), child("c")}});
      tell("b", crash{"x"});
      CHECK(happened() == "end b");
      CHECK(listed() == "a up, c up");
      end_abruptly(top->process);
    }
  }

  TEST_CASE_FIXTURE(
    ending,
    "a temporary child is not started again after a restart of its group has stopped the child") {
    for (const auto how : {strategy::one_for_all, strategy::rest_for_one}) {
      under(supervisor_spec{
        .id = "top",
        .strategy = how,
        .restarts = {.at_most = 2, .within = 300s},
        .children = {child("a"), with(with(child("b"), restart_policy::temporary), 100ms)}});
      tell("a", finish{});
      time.advance(350ms);
      CHECK(happened() == "end a, end b, start a");
      CHECK(listed() == "a up");
      CHECK(top->up());
      end_abruptly(top->process);
    }
  }

  TEST_CASE_FIXTURE(
    ending, "the start function of a temporary child is released when the child has ended") {
    for (const auto how : every_strategy) {
      under(supervisor_spec{.id = "top", .strategy = how});
      auto large = std::make_shared<int>();
      const std::weak_ptr<int> seen = large;
      asked(start_child{{.id = "a",
                         .start = [large = std::move(large), real = child("a").start](
                                    start_context context) { return real(std::move(context)); },
                         .restart = restart_policy::temporary}});
      CHECK_FALSE(seen.expired());
      tell("a", crash{"x"});
      CHECK(seen.expired());
      end_abruptly(top->process);
    }
  }
}
