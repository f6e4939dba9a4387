#include <ottla/actors/introspection.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include "support/child_specs.hpp"
#include "support/served.hpp"
#include "support/stop_caller.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;
using outcome = process_started::outcome;

namespace {

struct living : served {
  child_spec spec(std::string name = {}, scripted::plan plan = nullptr) const {
    return {.id = "s",
            .start = ottla::start<scripted>(log_lines, std::move(plan)),
            .name = std::move(name)};
  }

  /// Makes the server return a `next` from one kind of callback.
  caf::actor follow_from(const std::string& callback, const std::function<next(scripted&)>& what) {
    if (callback == "init")
      return serve([what](scripted& self) { return what(self); });
    if (callback == "later init") {
      const auto who = serve([](auto&) { return init_result::later(); });
      act_on(who, [what](scripted& self) {
        self.start_late(what(self));
        return next{};
      });
      time.run();
      return who;
    }
    const auto who = serve();
    if (callback == "cast")
      act_on(who, what);
    else if (callback == "call")
      asked(*this, who,
            ask{[what](server& self) { return reply(0, what(static_cast<scripted&>(self))); }});
    else if (callback == "continue")
      act_on(who,
             [what](scripted& self) { return next::then([what, &self] { return what(self); }); });
    else if (callback == "timeout")
      act_on(who, [what](scripted& self) {
        self.after_timeout = next::then([what, &self] { return what(self); });
        return next::timeout(1ms);
      });
    time.advance(1ms);
    return who;
  }
};

const char* const every_callback[] = {"init", "later init", "cast", "call", "continue", "timeout"};

} // namespace

TEST_SUITE("server: life") {
  TEST_CASE_FIXTURE(living,
                    "a server answers calls until it ends, and later calls fail with noproc") {
    for (const std::string name : {"", "x"}) {
      const auto& seen = start(spec(name));
      REQUIRE(seen.up());
      const auto whom = name.empty() ? process_ref{seen.process} : process_ref{names, name};
      CHECK(*asked(*this, whom, ask_plain{1}) == strings{"2"});
      if (!name.empty()) {
        const auto& second = start(spec(name));
        CHECK(second.answer->result == outcome::already_started);
        CHECK(second.answer->holder == seen.process);
      }
      act_on(seen.process, [](auto&) { return next::stop(exit_reason::crashed("stopped")); });
      time.run();
      CHECK(seen.ended == exit_reason::crashed("stopped"));
      CHECK(*asked(*this, whom, ask_plain{1}) == strings{"noproc"});
    }
  }

  TEST_CASE_FIXTURE(
    living, "a stop completes when the server is dead, and a second stop fails with noproc") {
    for (const bool by_name : {false, true})
      for (const auto& why : {exit_reason::normal(), exit_reason::crashed("other")}) {
        const auto& seen = start(spec("x"));
        const auto whom = by_name ? process_ref{names, "x"} : process_ref{seen.process};
        CHECK(*stop_on(*this, whom, why) == "done");
        CHECK(seen.ended == why);
        CHECK_FALSE(names->whereis("x"));
        CHECK(noted() == "terminate " + to_string(why));
        CHECK(*stop_on(*this, whom, why) == "noproc");
      }
  }

  TEST_CASE_FIXTURE(living, "an exception in terminate fails the stop") {
    const auto who = serve([](scripted& self) {
      self.throws_in_terminate = true;
      return init_result{};
    });
    CHECK(*stop_on(*this, who) == "crashed: not even that");
  }

  TEST_CASE_FIXTURE(living, "a failed or ignored start releases its name") {
    const scripted::plan failures[]
      = {[](auto&) { return init_result::ignore(); },
         [](auto&) { return next::stop(exit_reason::crashed("no")); },
         [](auto&) -> init_result { throw std::runtime_error{"no luck"}; }};
    for (const auto& failure : failures)
      for (int attempt = 0; attempt < 100; ++attempt) {
        const auto& failed = start(spec("x", failure));
        REQUIRE(failed.answer);
        CHECK_FALSE(failed.up());
        CHECK(failed.answer->result != outcome::already_started);
        CHECK_FALSE(is_alive(failed.process));
      }
    CHECK(start(spec("x")).up());
    CHECK(noted() == "");
  }

  TEST_CASE_FIXTURE(
    living, "a shutdown by a supervisor runs terminate, whether the supervisor has a name or not") {
    for (const std::string name : {"", "top"}) {
      const auto& top = start(supervisor_spec{.id = "top", .children = {spec()}, .name = name});
      ask_to_end(top.process);
      CHECK(noted() == "terminate shutdown");
      CHECK(top.ended == exit_reason::shutdown());
    }
  }

  TEST_CASE_FIXTURE(living, "a call to a server that was just killed fails") {
    const auto who = serve();
    kill(who);
    const auto got = *asked(*this, who, ask_plain{1});
    REQUIRE(got.size() == 1);
    const bool either = got[0] == "noproc" || got[0] == "killed";
    CHECK(either);
  }

  TEST_CASE_FIXTURE(
    living, "a server's call to itself is answered after the current handler has returned") {
    const auto who = serve();
    act_on(who, [](scripted& self) {
      call<int>(&self, caf::actor_cast<caf::actor>(&self), 1s, ask_plain{1},
                [&self](const call_result<int>& got) {
                  self.note(got ? std::to_string(*got) : to_string(got.error()));
                });
      self.note("returns");
      return next{};
    });
    time.run();
    CHECK(noted() == "act, returns, 2");
  }

  TEST_CASE_FIXTURE(
    living, "a call without a handler fails, and the server survives unknown calls and casts") {
    const auto& seen = begin();
    const auto got = *asked(*this, seen.process, be_ready{});
    REQUIRE(got.size() == 1);
    CHECK(got[0].find("crashed: ") == 0);
    post(seen.process, be_ready{});
    time.run();
    CHECK(seen.up());
    CHECK(*asked(*this, seen.process, ask_plain{1}) == strings{"2"});
  }
}

TEST_SUITE("server: what is next") {
  TEST_CASE_FIXTURE(living,
                    "a timeout returned from any callback fires unless a message arrives first") {
    for (const std::string callback : every_callback)
      for (const bool interrupted : {false, true}) {
        CAPTURE(callback);
        CAPTURE(interrupted);
        const auto who = follow_from(callback, [](scripted&) { return next::timeout(1s); });
        time.advance(500ms);
        noted();
        if (interrupted)
          asked(*this, who, ask_plain{1});
        time.advance(callback == "timeout" ? 501ms : 500ms);
        CHECK(noted() == (interrupted ? "" : "timeout"));
        end_abruptly(who);
      }
  }

  TEST_CASE_FIXTURE(
    living,
    "a continue returned from any callback runs before a message that the server sent itself") {
    for (const std::string callback : every_callback) {
      CAPTURE(callback);
      const auto who = follow_from(callback, [](scripted& self) {
        cast(&self, caf::actor_cast<caf::actor>(&self), act{[](server&) { return next{}; }});
        return next::then([&self] {
          self.note("first");
          return next::then([&self] { self.note("second"); });
        });
      });
      time.run();
      CHECK(noted().ends_with("first, second, act"));
      end_abruptly(who);
    }
  }

  TEST_CASE_FIXTURE(living, "a continue can stop the server") {
    for (const std::string callback : every_callback) {
      CAPTURE(callback);
      const auto who
        = follow_from(callback, [](scripted&) { return next::then([] { return next::stop(); }); });
      time.run();
      CHECK_FALSE(is_alive(who));
      CHECK(noted().ends_with("terminate normal"));
    }
  }

  TEST_CASE_FIXTURE(living, "a timeout of infinity, or nearly infinity, never fires") {
    for (const auto idle : {infinity, infinity - 1ns}) {
      const auto who = serve([idle](auto&) { return next::timeout(idle); });
      act_on(who, [idle](auto&) { return next::timeout(idle); });
      time.advance(std::chrono::hours{1000});
      CHECK(noted() == "act");
      CHECK(is_alive(who));
    }
  }

  TEST_CASE_FIXTURE(living, "a timeout of zero fires at once unless a message waits") {
    const auto who = serve([](auto&) { return next::timeout(0s); });
    CHECK(noted() == "timeout");
    act_on(who, [](auto&) { return next::timeout(0s); });
    act_on(who, [](auto&) { return next{}; });
    time.run();
    CHECK(noted() == "act, act");
    act_on(who, [](auto&) { return next::timeout(0s); });
    time.run();
    CHECK(noted() == "act, timeout");
  }

  TEST_CASE_FIXTURE(living, "timeouts that messages cancel do not accumulate timers") {
    const auto who = serve([](auto&) { return next::timeout(1h); });
    for (int message = 0; message < 100; ++message) {
      act_on(who, [](auto&) { return next::timeout(1h); });
      time.advance(1s);
    }
    noted();
    // The only pending timer may fire before the timeout is due, and is then set again.
    CHECK(time.advance(1h) <= 2);
    CHECK(noted() == "timeout");
  }

  TEST_CASE_FIXTURE(living, "a timeout shorter than the previous timeout fires on time") {
    const auto who = serve([](auto&) { return next::timeout(1h); });
    act_on(who, [](auto&) { return next::timeout(1s); });
    time.run();
    noted();
    time.advance(1s);
    CHECK(noted() == "timeout");
    time.advance(2h);
    CHECK(noted() == "");
  }

  TEST_CASE_FIXTURE(living, "introspection requests do not cancel a timeout") {
    const auto who = serve([](auto&) { return next::timeout(1s); });
    time.advance(500ms);
    post(who, get_state{});
    post(who, get_status{});
    post(who, count_messages{});
    time.advance(500ms);
    CHECK(noted() == "timeout");
  }

  TEST_CASE_FIXTURE(living,
                    "a timeout set by a call's reply fires unless another call arrives first") {
    const auto who = serve();
    const ask soon{[](server&) { return reply(0, next::timeout(1s)); }};
    asked(*this, who, soon);
    time.advance(500ms);
    asked(*this, who, ask_plain{1});
    time.advance(1500ms);
    CHECK(noted() == "");
    asked(*this, who, soon);
    time.advance(1500ms);
    CHECK(noted() == "timeout");
  }
}
