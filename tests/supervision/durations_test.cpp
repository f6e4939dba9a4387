// The longest, negative and zero durations, wherever a program passes a duration to a supervisor or
// an application.

#include <ottla/actors/process.hpp>
#include <ottla/supervision/application.hpp>
#include <ottla/supervision/dynamic_supervisor_spec.hpp>

#include "support/child_specs.hpp"
#include "support/every_duration.hpp"
#include "support/tree.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::hours six_weeks{1'000};

/// A duration field of a spec, and whether 0 is valid.
struct duration_field {
  std::string name;
  bool may_be_zero;
  std::function<void(supervisor_spec&, saturating<std::chrono::nanoseconds>)> set;
};

const std::vector<duration_field> every_field{
  {"shutdown", true, [](auto& of, auto to) { of.children[0].shutdown = to; }},
  {"start_timeout", false, [](auto& of, auto to) { of.children[0].start_timeout = to; }},
  {"restart_delay: first", true,
   [](auto& of, auto to) { of.children[0].restart_delay->first = to; }},
  {"restart_delay: longest", true,
   [](auto& of, auto to) { of.children[0].restart_delay->longest = to; }},
  {"restart_delay: healthy_after", true,
   [](auto& of, auto to) { of.children[0].restart_delay->healthy_after = to; }},
  {"restarts.within", false, [](auto& of, auto to) { of.restarts.within = to; }},
};

std::string complaint(const duration_field& about, saturating<std::chrono::nanoseconds> value) {
  supervisor_spec spec{.id = "top",
                       .children = {{.id = "a",
                                     .start = [](start_context) { return caf::actor{}; },
                                     .restart_delay = backoff_settings{}}}};
  about.set(spec, value);
  std::string text;
  for (const auto& line : validate(spec))
    text += (text.empty() ? "" : "; ") + line;
  return text;
}

class quiet : public process {
public:
  quiet(caf::actor_config& config, process_context context, bool deaf)
    : process{config, std::move(context)}, deaf_{deaf} {}

private:
  caf::behavior set_up() override {
    return {[](int) {}};
  }
  void shutdown(const exit_reason& why) override {
    if (!deaf_)
      stop(why);
  }

  bool deaf_;
};

std::string failure_of(application_spec spec) {
  try {
    application app{std::move(spec)};
    return {};
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

} // namespace

TEST_SUITE("durations of supervisors") {
  TEST_CASE("the longest duration is valid in every field of a spec") {
    for (const auto& field : every_field)
      each_longest([&](auto value) { CHECK(complaint(field, value) == ""); });
  }

  TEST_CASE("a negative duration is reported in one line with the field and the value") {
    for (const auto& field : every_field) {
      CAPTURE(field.name);
      each_negative([&](auto value) {
        const auto text = complaint(field, value);
        CHECK(text.find(field.name + " must ") != std::string::npos);
        CHECK(text.find(';') == std::string::npos);
        CHECK(text.find(", got -") != std::string::npos);
      });
    }
  }

  TEST_CASE("the error text shows a rejected duration exactly, down to nanoseconds") {
    const std::pair<std::chrono::nanoseconds, std::string> told[]{{-1ns, "-1ns"},
                                                                  {-999us, "-999us"},
                                                                  {-1001us, "-1001us"},
                                                                  {-2s, "-2000ms"},
                                                                  {-3h, "-10800000ms"}};
    for (const auto& field : every_field) {
      CAPTURE(field.name);
      for (const auto& [value, text] : told)
        CHECK(complaint(field, value).ends_with(", got " + text));
      // A shutdown of the least duration is raised by 1 ns, so only the common digits are compared.
      CHECK(complaint(field, std::chrono::hours::min()).find(", got -922337203685477580")
            != std::string::npos);
    }
    for (const auto& [value, text] : told)
      CHECK(failure_of({.id = "app", .stop_within = value})
            == "\"app\" did not start: stop_within must not be negative, got " + text);
  }

  TEST_CASE("the error text shows an exceeded limit exactly, down to nanoseconds") {
    stage on;
    auto slow = on.child("a", {init_does::defer});
    slow.start_timeout = 999us;
    const auto& late = on.start(supervisor_spec{.id = "late", .children = {slow}});
    on.time.advance(1ms);
    CHECK(late.failure()
          == "shutdown: failed to start child \"a\": start_timeout expired after 999 us");
    const auto& top = on.start(supervisor_spec{
      .id = "top", .restarts = {.at_most = 0, .within = 1ns}, .children = {on.child("b")}});
    on.tell("b", crash{"x"});
    REQUIRE(top.ended);
    CHECK(top.ended->text
          == "more than 0 restarts within 1 ns; child \"b\" ended last: crashed: x");
  }

  TEST_CASE("zero is rejected in fields that need a positive duration") {
    for (const auto& field : every_field) {
      CAPTURE(field.name);
      each_zero([&](auto value) { CHECK(complaint(field, value).empty() == field.may_be_zero); });
    }
  }

  TEST_CASE("a child with the longest start_timeout and shutdown is never killed") {
    each_longest([](auto patience) {
      for (const auto& shutdown : {shutdown_policy{patience}, shutdown_policy::at_least(patience),
                                   shutdown_policy::at_most(patience)}) {
        stage on;
        auto slow = with(on.child("a", {init_does::defer}), shutdown);
        slow.start_timeout = patience;
        auto deaf = with(on.deaf_child("b"), shutdown);
        const auto& top = on.start(supervisor_spec{.id = "top", .children = {slow, deaf}});
        on.time.advance(six_weeks);
        CHECK(on.happened() == "start a");
        on.tell("a", be_ready{});
        CHECK(on.happened() == "start b");
        REQUIRE(top.up());
        on.ask_to_end(top.process);
        on.time.advance(six_weeks);
        CHECK(on.happened() == "deaf b");
        CHECK_FALSE(top.ended);
      }
    });
  }

  TEST_CASE(
    "a child with the longest start_timeout survives the end of another child's start_timeout") {
    const auto check = [](auto patience) {
      stage on;
      on.time.advance(1s);
      const auto& top = on.start(dynamic_supervisor_spec{.id = "top"});
      auto slow = on.child("a", {init_does::defer});
      slow.start_timeout = patience;
      auto late = on.child("b", {init_does::defer});
      late.start_timeout = 1s;
      const auto first = ask_later<child_result>(on, top.process, start_child{slow});
      const auto second = ask_later<child_result>(on, top.process, start_child{late});
      on.time.advance(six_weeks);
      REQUIRE(second->answer);
      CHECK(second->answer->error == supervision_errc::start_failed);
      CHECK_FALSE(first->answer);
    };
    each_longest(check);
    // The clock cannot represent the deadline of this start_timeout.
    check(std::chrono::nanoseconds::max() - 1ns);
  }

  TEST_CASE("a restart with the longest delay never happens") {
    each_longest([](auto delay) {
      stage on;
      auto child = on.child("a");
      child.restart_delay = backoff_settings{
        .first = delay, .longest = delay, .at_once = 0, .healthy_after = delay, .jitter = 0};
      // The timer of this second child must not start the first child.
      auto other = on.child("b");
      other.restart_delay = backoff_settings{.first = 1s, .at_once = 0};
      const auto& top = on.start(supervisor_spec{.id = "top", .children = {child, other}});
      on.tell("a", crash{"x"});
      on.tell("b", crash{"x"});
      on.time.advance(six_weeks);
      CHECK(on.happened() == "start a, start b, end a, end b, start b");
      CHECK(top.up());
    });
  }

  TEST_CASE("with the longest period, restarts count forever") {
    each_longest([](auto period) {
      stage on;
      const auto& top = on.start(supervisor_spec{
        .id = "top", .restarts = {.at_most = 2, .within = period}, .children = {on.child("a")}});
      for (int crashes = 0; crashes < 2; ++crashes) {
        on.tell("a", crash{"x"});
        on.time.advance(six_weeks);
        CHECK_FALSE(top.ended);
      }
      on.tell("a", crash{"x"});
      CHECK(top.ended);
    });
  }

  TEST_CASE(
    "describe_tree answers, whether its `within` is the longest duration, zero or negative") {
    stage on;
    const supervisor_spec below{.id = "below", .children = {on.child("a")}};
    const auto& top = on.start(supervisor_spec{.id = "top", .children = {below}});
    const auto described = [&](auto within) {
      auto tree = ask_later<tree_node>(on, top.process, describe_tree{.within = within});
      on.time.advance(1ms);
      REQUIRE(tree->answer);
      REQUIRE(tree->answer->children.size() == 1);
      return tree->answer->children[0].children.size();
    };
    each_longest([&](auto within) { CHECK(described(within) == 1); });
    // `top` does not wait, so the answer has the child of `below` only if `below` answered at
    // once.
    each_negative([&](auto within) { CHECK(described(within) <= 1); });
    each_zero([&](auto within) { CHECK(described(within) <= 1); });
  }

  TEST_CASE("with the longest `within`, describe_tree waits for a silent supervisor") {
    stage on;
    const supervisor_spec below{.id = "below", .children = {on.child("a")}};
    const auto& top = on.start(supervisor_spec{.id = "top", .children = {below}});
    const auto silent
      = ask<child_list>(on, top.process, which_children{}).answer.value().children[0].process;
    each_longest([&](auto within) {
      on.time.hang(silent);
      auto tree = ask_later<tree_node>(on, top.process, describe_tree{.within = within});
      on.time.advance(50min);
      CHECK_FALSE(tree->answer);
      on.time.wake(silent);
      on.time.run();
      REQUIRE(tree->answer);
      CHECK(tree->answer->children[0].children.size() == 1);
    });
  }

  TEST_CASE("an application with the longest stop_within stops in an orderly way") {
    each_longest([](auto within) {
      application app{{.id = "app",
                       .children = {{.id = "a", .start = start<quiet>(false)}},
                       .stop_within = within}};
      CHECK(app.stop());
    });
  }

  TEST_CASE("a negative stop_within fails the start, and the error names the field") {
    each_negative([](auto within) {
      const auto why = failure_of({.id = "app", .stop_within = within});
      CHECK(why.starts_with("\"app\" did not start: stop_within must not be negative, got "));
    });
  }

  TEST_CASE("a stop with a stop_within of zero fails, and kills or abandons the tree") {
    each_zero([](auto within) {
      application app{{.id = "app",
                       .children = {{.id = "a", .start = start<quiet>(true)}},
                       .stop_within = within}};
      const auto& report = app.stop();
      CHECK_FALSE(report);
      // Either the root has time to end or kill the child, or the root is killed together with the
      // child.
      const auto names_any = [](const auto& names) {
        return std::ranges::any_of(names,
                                   [](const auto& one) { return one == "app" || one == "app/a"; });
      };
      CHECK((names_any(report.killed) || names_any(report.left)));
    });
  }
}
