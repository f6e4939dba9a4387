// Which event a supervisor reports for the end of a child, during a stop or after a request to end
// the child.

#include "support/supervising.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

struct ends_told : supervising {
  /// Returns the events since the last call, without starts. Events are listed as in `a ended
  /// killed, b killed, b stopped killed`.
  std::string told() {
    std::string text;
    for (const auto& event : std::exchange(*events, {})) {
      if (event.what == process_event::kind::started)
        continue;
      const bool is_end
        = event.what == process_event::kind::ended || event.what == process_event::kind::stopped;
      const auto what = to_logfmt(event);
      text += fmt::format(
        "{}{} {}{}", text.empty() ? "" : ", ", event.path.substr(event.path.rfind('/') + 1),
        what.substr(6, what.find(' ') - 6), is_end ? ' ' + to_string(event.reason) : "");
    }
    return text;
  }

  /// Starts a supervisor of this child and of a deaf child `last`, and asks the supervisor to end.
  /// The supervisor then waits for `last`.
  void stop_with(const child_spec& spec) {
    under(supervisor_spec{.id = "top", .children = {spec, with(deaf_child("last"), 1s)}});
    ask_to_end(top->process);
    CHECK(told() == "");
  }

  /// Starts a supervisor of this child alone, and asks the supervisor to end. `side_by_side` means
  /// a dynamic supervisor, which asks all its children at the same time.
  void stop_alone(const child_spec& spec, bool side_by_side) {
    if (side_by_side) {
      under(dynamic_supervisor_spec{.id = "top"});
      CHECK(says(start_child{spec}) == "ok");
    } else {
      under(supervisor_spec{.id = "top", .children = {spec}});
    }
    ask_to_end(top->process);
  }
};

} // namespace

TEST_SUITE("ends in a stop") {
  TEST_CASE_FIXTURE(
    ends_told,
    "a child is reported as ended if another process kills it before its shutdown request") {
    stop_with(child("a"));
    end_abruptly(process("a"));
    CHECK(told() == "a ended killed");
    time.advance(1s);
    CHECK(told() == "last killed, last stopped killed");
  }

  TEST_CASE_FIXTURE(
    ends_told,
    "a child is reported as ended if it crashes or finishes before its shutdown request") {
    stop_with(child("a"));
    tell("a", crash{"x"});
    CHECK(told() == "a ended crashed: x");
    end_abruptly(top->process);
    told();
    stop_with(with(child("a"), restart_policy::transient));
    tell("a", finish{exit_reason::normal()});
    CHECK(told() == "a ended normal");
  }

  TEST_CASE_FIXTURE(
    ends_told,
    "a child that crashes or that another process kills after the request is reported as ended") {
    for (const bool side_by_side : {false, true}) {
      CAPTURE(side_by_side);
      const auto stop = [&](const child_spec& spec) { stop_alone(spec, side_by_side); };
      stop(with(deaf_child("a"), 1s));
      end_abruptly(process("a"));
      CHECK(told() == "a ended killed");
      stop(with(deaf_child("a"), 1s));
      tell("a", crash{"x"});
      CHECK(told() == "a ended crashed: x");
      stop(child_that_answers("a", exit_reason::crashed("other")));
      CHECK(told() == "a ended crashed: other");
    }
  }

  TEST_CASE_FIXTURE(
    ends_told, "a child that its supervisor ends, by request or kill, is reported as stopped") {
    for (const bool side_by_side : {false, true}) {
      CAPTURE(side_by_side);
      const auto stop = [&](const child_spec& spec) { stop_alone(spec, side_by_side); };
      stop(child("a"));
      CHECK(told() == "a stopped shutdown");
      stop(child_that_answers("a", exit_reason::normal()));
      CHECK(told() == "a stopped normal");
      stop(with(child("a"), shutdown_policy::brutal_kill()));
      CHECK(told() == "a stopped killed");
      stop(with(deaf_child("a"), 1s));
      time.advance(1s);
      CHECK(told() == "a killed, a stopped killed");
    }
  }

  TEST_CASE_FIXTURE(
    ends_told, "a child that another process kills during terminate_child is reported as ended") {
    under(supervisor_spec{.id = "top", .children = {with(deaf_child("a"), 1s)}});
    ask_later<child_result>(*this, top->process, terminate_child{.id = "a"});
    time.run();
    end_abruptly(process("a"));
    CHECK(told() == "a ended killed");
    CHECK(listed() == "a down");
  }
}
