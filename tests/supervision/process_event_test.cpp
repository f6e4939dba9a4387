#include <ottla/actors/process.hpp>
#include <ottla/supervision/dynamic_supervisor_spec.hpp>
#include <ottla/supervision/supervisor_requests.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include "support/child_specs.hpp"
#include "support/stranger.hpp"
#include "support/tree.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

caf::actor listener(stage& on, std::vector<std::string>* heard) {
  return spawn_stranger(on.time.system(), caf::behavior{[heard](const process_event& event) {
                          heard->push_back(to_logfmt(event));
                        }});
}

} // namespace

TEST_SUITE("process_event") {
  TEST_CASE("to_logfmt prints every field of an event and quotes texts") {
    CHECK(to_logfmt({.what = process_event::kind::ended,
                     .path = "shop/feed",
                     .reason = exit_reason::crashed("say \"no\"\nand \\ \x01"),
                     .then = process_event::decision::wait,
                     .delay = 1500ms,
                     .restarts = 2})
          == "event=ended child=\"shop/feed\" reason=\"crashed: say \\\"no\\\"\\nand \\\\ "
             "\\u0001\" decision=wait delay_ms=1500 restarts=2");
    CHECK(to_logfmt({.what = process_event::kind::fenced, .path = "shop/feed"})
          == "event=fenced child=\"shop/feed\"");
  }

  TEST_CASE(
    "to_string of an event names the process, the step, the reason and the restart's delay") {
    CHECK(to_string(process_event{.what = process_event::kind::started, .path = "shop/feed"})
          == "shop/feed started");
    CHECK(to_string(process_event{.what = process_event::kind::ended,
                                  .path = "shop/feed",
                                  .reason = exit_reason::crashed("no paper"),
                                  .then = process_event::decision::wait,
                                  .delay = 20ms})
          == "shop/feed ended: crashed: no paper; restarting in 20 ms");
  }

  TEST_CASE("a subscriber gets each event with the supervisor's decision, until it unsubscribes") {
    stage on;
    std::vector<std::string> heard;
    auto waits = on.child("a");
    waits.restart_delay = backoff_settings{.first = 1s, .at_once = 0};
    const auto& top
      = on.start(supervisor_spec{.id = "top",
                                 .restarts = {.at_most = 2, .within = 1h},
                                 .children = {waits, with(on.child("b"), restart_policy::transient),
                                              with(on.child("c"), restart_policy::temporary)}});
    const auto ear = listener(on, &heard);
    post(top.process, subscribe{ear});
    post(top.process, subscribe{ear});
    on.tell("a", crash{"x"});
    on.time.advance(1s);
    on.tell("b", finish{});
    on.tell("c", crash{"y"});
    CHECK(heard
          == std::vector<std::string>{
            "event=ended child=\"top/a\" reason=\"crashed: x\" decision=wait delay_ms=1000 "
            "restarts=1",
            "event=restarting child=\"top/a\" reason=\"crashed: x\" decision=none delay_ms=0 "
            "restarts=1",
            "event=started child=\"top/a\"",
            "event=ended child=\"top/b\" reason=\"normal\" decision=keep_down delay_ms=0 "
            "restarts=1",
            "event=ended child=\"top/c\" reason=\"crashed: y\" decision=forget delay_ms=0 "
            "restarts=1"});
    post(top.process, unsubscribe{ear});
    on.tell("a", crash{"x"});
    CHECK(heard.size() == 5);
    kill(ear);
  }

  TEST_CASE("a dead subscriber does not block its supervisor") {
    stage on;
    std::vector<std::string> heard;
    const auto& top = on.start(dynamic_supervisor_spec{.id = "top"});
    const auto ear = listener(on, &heard);
    post(top.process, subscribe{ear});
    post(top.process, subscribe{});
    on.time.run();
    kill(ear);
    on.time.run();
    CHECK(ask<child_result>(on, top.process, start_child{on.child("a")}).answer->process);
    CHECK(heard.empty());
  }

  TEST_CASE("the gave_up event follows the event of the failure that caused it") {
    stage on;
    on.start(supervisor_spec{
      .id = "top", .restarts = {.at_most = 0, .within = 1s}, .children = {on.child("a")}});
    on.events->clear();
    on.tell("a", crash{"x"});
    REQUIRE(on.events->size() == 2);
    CHECK(on.events->at(0).then == process_event::decision::give_up);
    CHECK(on.events->at(1).what == process_event::kind::gave_up);
  }
}
