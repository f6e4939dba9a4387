#include <ottla/actors/process.hpp>
#include <ottla/supervision/dynamic_supervisor_spec.hpp>
#include <ottla/supervision/supervisor_requests.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include "support/supervising.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

// Tests which reports of a child reset its count of failures under healthy_when::reported.

namespace {

constexpr restart_limit many{.at_most = 1'000, .within = 1h};
constexpr auto much_longer_than_healthy_after = 1min;

/// Restarts wait 1 s, 2 s, 4 s, 8 s and so on, until the child reports itself healthy.
child_spec told(child_spec spec) {
  spec.restart_delay = backoff_settings{
    .first = 1s, .longest = 1h, .at_once = 0, .healthy_after = std::chrono::seconds{10}};
  spec.healthy = healthy_when::reported;
  return spec;
}

struct telling : supervising {
  /// Starts a supervisor whose restart limit no test in this file exceeds.
  void under_top(std::vector<child_spec> children, strategy how = strategy::one_for_one) {
    under(supervisor_spec{
      .id = "top", .strategy = how, .restarts = many, .children = std::move(children)});
  }

  /// Lets a child run for longer than healthy_after and crashes it. Returns the restart's delay.
  std::chrono::nanoseconds delay_after_crash(const std::string& id) {
    time.advance(much_longer_than_healthy_after);
    return delay_after([&] { tell(id, crash{"x"}); });
  }
};

} // namespace

TEST_SUITE("reported healthy") {
  TEST_CASE("delays of a child that never reports healthy keep growing, even if its runs exceed "
            "healthy_after") {
    for (const auto how : every_strategy) {
      telling on;
      on.under_top({told(on.child("a")), on.child("b")}, how);
      for (const auto delay : {1s, 2s, 4s, 8s, 16s, 32s})
        CHECK(on.delay_after_crash("a") == delay);
    }
  }

  TEST_CASE(
    "a child that never reports healthy reaches give_up_after, however long each run lasts") {
    for (const bool has_delays : {true, false})
      for (const auto how : every_strategy) {
        telling on;
        auto spec = told(on.child("a"));
        spec.give_up_after = 3;
        if (!has_delays)
          spec.restart_delay.reset();
        on.under_top({spec}, how);
        on.delay_after_crash("a");
        on.delay_after_crash("a");
        CHECK(on.top->up());
        on.delay_after_crash("a");
        CHECK(on.top->ended
              == exit_reason::shutdown(
                "child \"a\" failed 3 times in a row, the last time: crashed: x"));
      }
  }

  TEST_CASE("a health report resets the restart delay at once, with every strategy") {
    for (const auto how : every_strategy) {
      telling on;
      on.under_top({told(on.child("a")), on.child("b")}, how);
      CHECK(on.delay_after_crash("a") == 1s);
      CHECK(on.delay_after_crash("a") == 2s);
      on.tell("a", be_healthy{});
      CHECK(on.delay_after([&] { on.tell("a", crash{"x"}); }) == 1s);
      CHECK(on.delay_after_crash("a") == 2s);
    }
  }

  TEST_CASE("a health report right before a failure resets earlier failures") {
    telling on;
    on.under_top({told(on.child("a"))});
    CHECK(on.delay_after_crash("a") == 1s);
    CHECK(on.delay_after_crash("a") == 2s);
    CHECK(on.delay_after([&] {
      post(on.process("a"), be_healthy{});
      on.tell("a", crash{"x"});
    }) == 1s);
  }

  TEST_CASE("repeated health reports in one run have the effect of one") {
    telling on;
    on.under_top({told(on.child("a"))});
    CHECK(on.delay_after_crash("a") == 1s);
    CHECK(on.delay_after_crash("a") == 2s);
    for (int times = 0; times < 10; ++times)
      on.tell("a", be_healthy{});
    CHECK(on.delay_after_crash("a") == 1s);
    CHECK(on.delay_after_crash("a") == 2s);
  }

  TEST_CASE("a health report counts for the current run only") {
    telling on;
    on.under_top({told(on.child("a"))});
    on.tell("a", be_healthy{});
    for (const auto delay : {1s, 2s})
      CHECK(on.delay_after_crash("a") == delay);
    on.tell("a", be_healthy{});
    CHECK(on.delay_after_crash("a") == 1s);
  }

  TEST_CASE(
    "a late health report of a replaced process does not reset the failures of its replacement") {
    telling on;
    probe_plan plan{.id = "a", .log = on.log};
    // The process hangs before it reports itself healthy. The supervisor kills, fences and replaces
    // the process. After its replacement has started, the process sends its report.
    plan.before_healthy = [&] {
      const auto hanging = on.process("a");
      const auto ended = ask_later<child_result>(on, on.top->process, terminate_child{.id = "a"});
      on.time.advance(10s);
      REQUIRE(ended->answer);
      ask_later<child_result>(on, on.top->process, restart_child{.id = "a"});
      on.time.advance(1s);
      CHECK(is_alive(hanging));
      CHECK(on.process("a") != hanging);
    };
    auto spec = told({.id = "a", .start = ottla::start<probe>(plan)});
    spec.shutdown = 100ms;
    on.under_top({spec});
    CHECK(on.delay_after_crash("a") == 1s);
    CHECK(on.delay_after_crash("a") == 2s);
    on.tell("a", be_healthy{});
    CHECK(on.delay_after_crash("a") == 4s);
  }

  TEST_CASE("a health report does not reset a sibling's failures") {
    telling on;
    on.under_top({told(on.child("a")), told(on.child("b"))});
    CHECK(on.delay_after_crash("a") == 1s);
    on.tell("b", be_healthy{});
    CHECK(on.delay_after_crash("a") == 2s);
  }

  TEST_CASE(
    "a stop for a sibling's failure neither counts as a failure nor undoes a health report") {
    telling on;
    on.under_top({told(on.child("a")), told(on.child("b"))}, strategy::one_for_all);
    CHECK(on.delay_after_crash("a") == 1s);
    CHECK(on.delay_after_crash("a") == 2s);
    CHECK(on.delay_after_crash("b") == 1s);
    CHECK(on.delay_after_crash("a") == 4s);
    on.tell("a", be_healthy{});
    CHECK(on.delay_after_crash("b") == 2s);
    CHECK(on.delay_after_crash("a") == 1s);
  }

  TEST_CASE("a health report in init counts only if init succeeds") {
    telling on;
    probe_plan plan{.id = "a", .log = on.log, .healthy_in_init = true};
    on.under_top({told({.id = "a", .start = ottla::start<probe>(plan)})});
    *plan.inits = {init_does::fail, init_does::fail, init_does::defer};
    std::vector<std::chrono::nanoseconds> delays;
    on.events->clear();
    on.tell("a", crash{"x"});
    on.time.advance(10s);
    for (const auto& event : *on.events)
      if (event.then == process_event::decision::wait)
        delays.push_back(event.delay);
    CHECK(delays == std::vector<std::chrono::nanoseconds>{1s, 2s, 4s});
    on.tell("a", be_ready{});
    CHECK(on.delay_after_crash("a") == 1s);
  }

  TEST_CASE("without healthy_when::reported, health reports are ignored and a run of healthy_after "
            "resets failures") {
    telling on;
    auto spec = told(on.child("a"));
    spec.healthy = healthy_when::lasting;
    on.under_top({spec});
    for (const auto delay : {1s, 2s, 4s}) {
      on.tell("a", be_healthy{});
      CHECK(on.delay_after([&] { on.tell("a", crash{"x"}); }) == delay);
    }
    CHECK(on.delay_after_crash("a") == 1s);
  }

  TEST_CASE("a dynamic supervisor resets a child's failures when the child reports healthy") {
    telling on;
    on.under(dynamic_supervisor_spec{.id = "top", .restarts = many});
    on.asked(start_child{told(on.child("a"))});
    for (const auto delay : {1s, 2s, 4s})
      CHECK(on.delay_after_crash("a") == delay);
    on.tell("a", be_healthy{});
    CHECK(on.delay_after_crash("a") == 1s);
    CHECK(on.delay_after_crash("a") == 2s);
  }

  TEST_CASE("an adopted process may report healthy before or after its adoption") {
    for (const bool before : {false, true}) {
      CAPTURE(before);
      telling on;
      on.under_top({told(supervisor_spec{.id = "team"})});
      const auto team = on.child_of(on.top->process, "team");
      const auto spec = told(on.child("a"));
      const auto process = spec.start({.system = on.time.system(), .process = {}});
      on.time.run();
      const auto crash_team = [&] { on.end_abruptly(on.child_of(on.top->process, "team")); };
      CHECK(on.delay_after(crash_team) == 1s);
      CHECK(on.delay_after(crash_team) == 2s);
      if (before)
        on.tell("a", be_healthy{});
      CHECK(*ask<child_result>(on, on.child_of(on.top->process, "team"),
                               adopt_child{std::make_shared<const child_spec>(spec), process})
               .answer);
      if (!before)
        on.tell("a", be_healthy{});
      CHECK(on.delay_after(crash_team) == 1s);
    }
  }
}

TEST_SUITE("reported healthy: a supervisor") {
  TEST_CASE("a supervisor reports healthy when all children with healthy_when::reported have "
            "reported") {
    for (const auto how : every_strategy) {
      telling on;
      on.under_top({told(
        supervisor_spec{.id = "team",
                        .strategy = how,
                        .children = {told(on.child("a")), told(on.child("b")), on.child("c")}})});
      const auto crash_team = [&] {
        on.time.advance(much_longer_than_healthy_after);
        on.end_abruptly(on.child_of(on.top->process, "team"));
      };
      CHECK(on.delay_after(crash_team) == 1s);
      on.tell("a", be_healthy{});
      CHECK(on.delay_after(crash_team) == 2s);
      on.tell("b", be_healthy{});
      on.tell("c", be_healthy{});
      CHECK(on.delay_after(crash_team) == 4s);
      on.tell("a", be_healthy{});
      on.tell("b", be_healthy{});
      CHECK(on.delay_after(crash_team) == 1s);
    }
  }

  TEST_CASE(
    "a supervisor reports healthy only after each child that failed has reported healthy again") {
    telling on;
    auto soon = told(on.child("b"));
    soon.restart_delay.reset();
    on.under_top({told(
      supervisor_spec{.id = "team", .restarts = many, .children = {told(on.child("a")), soon}})});
    const auto crash_team = [&] { on.end_abruptly(on.child_of(on.top->process, "team")); };
    CHECK(on.delay_after(crash_team) == 1s);
    on.tell("a", be_healthy{});
    on.tell("a", crash{"x"});
    SUBCASE("the failed child waits for its restart") {}
    SUBCASE("the failed child has restarted") {
      on.time.advance(1s);
    }
    on.tell("b", be_healthy{});
    CHECK(on.delay_after(crash_team) == 2s);
  }

  TEST_CASE("a supervisor reports healthy only if it has a child with healthy_when::reported, and "
            "ignores children that are down") {
    telling on;
    on.under_top(
      {told(supervisor_spec{.id = "silent", .children = {on.child("a")}}),
       told(supervisor_spec{.id = "team",
                            .children = {told(with(on.child("b"), restart_policy::transient)),
                                         told(on.child("c"))}})});
    const auto crash_of = [&](const char* id) {
      return [&on, id] { on.end_abruptly(on.child_of(on.top->process, id)); };
    };
    CHECK(on.delay_after(crash_of("silent")) == 1s);
    on.tell("a", be_healthy{});
    CHECK(on.delay_after(crash_of("silent")) == 2s);
    CHECK(on.delay_after(crash_of("team")) == 1s);
    on.tell("b", finish{});
    on.tell("c", be_healthy{});
    CHECK(on.delay_after(crash_of("team")) == 1s);
  }

  TEST_CASE(
    "a health report propagates through several levels of supervisors, including dynamic ones") {
    telling on;
    on.under_top({told(
      supervisor_spec{.id = "upper", .children = {told(dynamic_supervisor_spec{.id = "pool"})}})});
    const auto fill = [&] {
      const auto upper = on.child_of(on.top->process, "upper");
      const auto pool = on.child_of(upper, "pool");
      for (const auto* id : {"a", "b"})
        ask<child_result>(on, pool, start_child{told(on.child(id))});
    };
    const auto crash_upper = [&] { on.end_abruptly(on.child_of(on.top->process, "upper")); };
    CHECK(on.delay_after(crash_upper) == 1s);
    fill();
    on.tell("a", be_healthy{});
    CHECK(on.delay_after(crash_upper) == 2s);
    fill();
    on.tell("a", be_healthy{});
    on.tell("a", crash{"x"});
    on.tell("b", be_healthy{});
    CHECK(on.delay_after(crash_upper) == 4s);
    fill();
    on.tell("a", be_healthy{});
    on.tell("b", be_healthy{});
    CHECK(on.delay_after(crash_upper) == 1s);
  }
}
