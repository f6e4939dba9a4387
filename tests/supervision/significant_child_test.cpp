#include "support/supervising.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

constexpr restart_limit five{.at_most = 5, .within = 5s};

struct auto_shutting_down : supervising {
  /// Starts a supervisor with two significant children and a child that is not significant.
  void begin(auto_shutdown when, restart_policy policy) {
    under(supervisor_spec{.id = "top",
                          .restarts = five,
                          .when_done = when,
                          .children = {significant(child("a"), policy),
                                       significant(child("b"), policy), with(child("c"), policy)}});
  }

  /// Starts the child again, whether the supervisor has kept or forgotten it.
  void bring_back(const child_spec& spec) {
    if (says(start_child{spec}) == "already_present")
      asked(restart_child{spec.id});
    REQUIRE(process(spec.id));
  }
};

const restart_policy not_permanent[] = {restart_policy::temporary, restart_policy::transient};

} // namespace

TEST_SUITE("auto_shutdown") {
  TEST_CASE_FIXTURE(auto_shutting_down,
                    "an end of a child that is not significant never ends the supervisor") {
    for (const auto when :
         {auto_shutdown::never, auto_shutdown::any_significant, auto_shutdown::all_significant})
      for (const auto policy : not_permanent) {
        CAPTURE(static_cast<int>(when));
        CAPTURE(static_cast<int>(policy));
        const auto spec = with(child("a"), policy);
        under(
          supervisor_spec{.id = "top", .restarts = five, .when_done = when, .children = {spec}});
        CHECK(says(terminate_child{"a"}) == "ok");
        bring_back(spec);
        end_abruptly(process("a"));
        bring_back(spec);
        tell("a", crash{"x"});
        bring_back(spec);
        tell("a", finish{});
        CHECK(top->up());
        ask_to_end(top->process);
        CHECK(top->ended == exit_reason::shutdown());
      }
  }

  TEST_CASE_FIXTURE(auto_shutting_down,
                    "terminate_child of a significant child does not end the supervisor") {
    for (const auto when : {auto_shutdown::any_significant, auto_shutdown::all_significant})
      for (const auto policy : not_permanent) {
        begin(when, policy);
        CHECK(says(terminate_child{"a"}) == "ok");
        CHECK(top->up());
        bring_back(significant(child("a"), policy));
        CHECK(top->up());
        end_abruptly(top->process);
      }
  }

  TEST_CASE_FIXTURE(auto_shutting_down, "with all_significant, a child that terminate_child has "
                                        "ended does not keep the supervisor alive") {
    for (const auto policy : not_permanent) {
      begin(auto_shutdown::all_significant, policy);
      CHECK(says(terminate_child{"a"}) == "ok");
      tell("b", finish{});
      CHECK(top->ended == exit_reason::shutdown());
    }
  }

  TEST_CASE_FIXTURE(auto_shutting_down, "with any_significant, the supervisor ends if a temporary "
                                        "significant child ends by itself or is killed") {
    for (const auto& reason :
         {exit_reason::normal(), exit_reason::shutdown("done"), exit_reason::crashed("x")}) {
      begin(auto_shutdown::any_significant, restart_policy::temporary);
      tell("b", finish{reason});
      CHECK(happened() == "end b, end c, end a");
      CHECK(top->ended == exit_reason::shutdown());
    }
    begin(auto_shutdown::any_significant, restart_policy::temporary);
    asked(terminate_child{"a"});
    bring_back(significant(child("a"), restart_policy::temporary));
    happened();
    end_abruptly(process("a"));
    CHECK(happened() == "end a, end c, end b");
    CHECK(top->ended == exit_reason::shutdown());
  }

  TEST_CASE_FIXTURE(auto_shutting_down,
                    "a kill or crash of a transient significant child restarts only that child") {
    for (const auto when : {auto_shutdown::any_significant, auto_shutdown::all_significant}) {
      begin(when, restart_policy::transient);
      end_abruptly(process("a"));
      tell("a", crash{"x"});
      CHECK(happened() == "end a, start a, end a, start a");
      CHECK(listed() == "a up, b up, c up");
      end_abruptly(top->process);
    }
  }

  TEST_CASE_FIXTURE(auto_shutting_down, "with all_significant, the supervisor ends when the last "
                                        "significant child has ended by itself") {
    for (const auto policy : not_permanent) {
      begin(auto_shutdown::all_significant, policy);
      tell("a", finish{});
      CHECK(happened() == "end a");
      CHECK(top->up());
      tell("b", finish{});
      CHECK(happened() == "end b, end c");
      CHECK(top->ended == exit_reason::shutdown());
    }
  }

  TEST_CASE_FIXTURE(
    auto_shutting_down,
    "significant children that a sibling's restart stops do not end the supervisor") {
    for (const auto when : {auto_shutdown::any_significant, auto_shutdown::all_significant})
      for (const auto how : every_strategy) {
        CAPTURE(static_cast<int>(how));
        under(supervisor_spec{.id = "top",
                              .strategy = how,
                              .restarts = five,
                              .when_done = when,
                              .children = {significant(child("a"), restart_policy::transient),
                                           with(child("b"), restart_policy::transient),
                                           significant(child("c"), restart_policy::transient)}});
        end_abruptly(process("b"));
        CHECK(happened()
              == (how == strategy::one_for_one   ? "end b, start b"
                  : how == strategy::one_for_all ? "end b, end c, end a, start a, start b, start c"
                                                 : "end b, end c, start b, start c"));
        CHECK(listed() == "a up, b up, c up");
        end_abruptly(top->process);
      }
  }

  TEST_CASE_FIXTURE(auto_shutting_down, "an auto-shutdown of a supervisor ends the supervisor "
                                        "above only if the lower supervisor is significant") {
    for (const bool counts : {true, false}) {
      CAPTURE(counts);
      child_spec low = supervisor_spec{
        .id = "low",
        .when_done = auto_shutdown::any_significant,
        .children = {significant(child("a"), restart_policy::transient), child("b")}};
      low.restart = restart_policy::transient;
      low.significant = counts;
      under(supervisor_spec{
        .id = "top", .when_done = auto_shutdown::any_significant, .children = {low, child("c")}});
      tell("a", finish{});
      if (counts) {
        CHECK(happened() == "end a, end b, end c");
        CHECK(top->ended == exit_reason::shutdown());
      } else {
        CHECK(happened() == "end a, end b");
        CHECK(listed() == "low down, c up");
        ask_to_end(top->process);
        CHECK(top->ended == exit_reason::shutdown());
      }
    }
  }

  TEST_CASE_FIXTURE(auto_shutting_down,
                    "a supervisor with auto_shutdown::never rejects significant children") {
    under(supervisor_spec{.id = "top"});
    const auto refused = asked(start_child{significant(child("a"), restart_policy::transient)});
    CHECK(refused.error == supervision_errc::bad_spec);
    CHECK(
      refused.text
      == "child \"a\": must not be significant, because when_done of supervisor \"top\" is never");
    CHECK(happened() == "");
    CHECK(listed() == "");
  }

  TEST_CASE_FIXTURE(auto_shutting_down, "a dynamic supervisor rejects significant children") {
    under(dynamic_supervisor_spec{.id = "top"});
    const auto refused = asked(start_child{significant(child("a"), restart_policy::transient)});
    CHECK(refused.error == supervision_errc::bad_spec);
    CHECK(refused.text == "child \"a\": must not be significant under a dynamic supervisor");
    CHECK(happened() == "");
  }
}
