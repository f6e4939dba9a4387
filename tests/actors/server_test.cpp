#include "support/served.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;
using outcome = process_started::outcome;

TEST_SUITE("server") {
  TEST_CASE_FIXTURE(served, "the starter of a server gets the outcome of init") {
    CHECK(begin().up());
    CHECK(begin([](auto&) { return init_result::ignore(); }).answer->result == outcome::ignored);
    const auto& stopped = begin([](auto&) { return next::stop(exit_reason::shutdown("no")); });
    CHECK(stopped.answer->result == outcome::failed);
    CHECK(stopped.failure() == "shutdown: no");
    CHECK(stopped.ended == exit_reason::shutdown("no"));
    const auto& threw = begin([](auto&) -> init_result { throw std::runtime_error{"no luck"}; });
    CHECK(threw.failure() == "no luck");
    CHECK(noted() == "");
  }

  TEST_CASE_FIXTURE(served, "a deferred start of a server can succeed or fail later") {
    const auto& good = begin([](auto&) { return init_result::later(); });
    CHECK_FALSE(good.answer);
    post(good.process, get_ready{});
    time.run();
    CHECK(good.up());
    const auto& bad = begin([](auto&) { return init_result::later(); });
    act_on(bad.process, [](auto&) { return next::stop(exit_reason::crashed("no luck")); });
    time.run();
    CHECK(bad.answer->result == outcome::failed);
    CHECK(bad.failure() == "crashed: no luck");
    CHECK(noted() == "act");
  }

  TEST_CASE_FIXTURE(
    served,
    "a continue of init runs before any message, even before a message that init has sent") {
    const auto& seen = begin([](scripted& self) {
      cast(&self, caf::actor_cast<caf::actor>(&self), act{[](server&) { return next{}; }});
      return next::then([&self] { self.note("continue"); });
    });
    CHECK(seen.up());
    CHECK(noted() == "continue, act");
  }

  TEST_CASE_FIXTURE(served,
                    "an exception in a continue of init is a crash and not a failed start") {
    const auto& seen
      = begin([](auto&) { return next::then([] { throw std::runtime_error{"too late"}; }); });
    CHECK(seen.answer->result == outcome::ok);
    CHECK(seen.ended == exit_reason::crashed("too late"));
    CHECK(noted() == "terminate crashed: too late");
  }

  TEST_CASE_FIXTURE(served, "chained continues run without a message in between") {
    const auto who = serve();
    act_on(who, [](scripted& self) {
      return next::then([&self] {
        self.note("first");
        return next::then([&self] { self.note("second"); });
      });
    });
    act_on(who, [](auto&) { return next{}; });
    time.run();
    CHECK(noted() == "act, first, second, act");
  }

  TEST_CASE_FIXTURE(served, "a timeout fires once if no message arrives in time") {
    const auto who = serve([](auto&) { return next::timeout(1s); });
    time.advance(999ms);
    CHECK(noted() == "");
    time.advance(1ms);
    CHECK(noted() == "timeout");
    time.advance(1min);
    CHECK(noted() == "");
  }

  TEST_CASE_FIXTURE(served, "a cast, a call or a new timeout cancels a timeout") {
    const auto who = serve();
    act_on(who, [](auto&) { return next::timeout(1s); });
    time.advance(500ms);
    SUBCASE("a cast") {
      act_on(who, [](auto&) { return next{}; });
    }
    SUBCASE("a call") {
      asked(*this, who, ask_plain{1});
    }
    SUBCASE("a new timeout") {
      act_on(who, [](auto&) { return next::timeout(10s); });
      time.advance(5s);
    }
    time.advance(4s);
    CHECK(noted().find("timeout") == std::string::npos);
  }

  TEST_CASE_FIXTURE(served, "timed_out can return the next timeout or a stop") {
    const auto& seen = begin([](scripted& self) {
      self.after_timeout = next::timeout(2s);
      return next::timeout(1s);
    });
    time.advance(5s);
    CHECK(noted() == "timeout, timeout, timeout");
    act_on(seen.process, [](scripted& self) {
      self.after_timeout = next::stop();
      return next::timeout(1s);
    });
    time.advance(1s);
    CHECK(noted() == "act, timeout, terminate normal");
    CHECK(seen.ended == exit_reason::normal());
  }

  TEST_CASE_FIXTURE(served, "a call returns the answer or the reason of its failure") {
    const auto& seen = begin();
    CHECK(*asked(*this, seen.process, ask_plain{41}) == strings{"42"});
    CHECK(*asked(*this, seen.process, ask_plain{-1}) == strings{"crashed: below zero"});
    CHECK(seen.ended == exit_reason::crashed("below zero"));
    CHECK(*asked(*this, seen.process, ask_plain{1}) == strings{"noproc"});
    CHECK(noted() == "terminate crashed: below zero");
  }

  TEST_CASE_FIXTURE(served, "a call to an unknown name fails with noproc") {
    CHECK(*asked(*this, process_ref{names, "nobody"}, ask_plain{1}) == strings{"noproc"});
    CHECK(*asked(*this, process_ref{}, ask_plain{1}) == strings{"noproc"});
  }

  TEST_CASE_FIXTURE(served, "a call that is not answered in time fails with timeout") {
    const auto who = serve();
    const auto got = asked(*this, who, ask_later{}, 3s);
    time.advance(2s);
    CHECK(got->empty());
    time.advance(1s);
    CHECK(*got == strings{"timeout"});
    CHECK(is_alive(who));
  }

  TEST_CASE_FIXTURE(served, "a server can answer a call later, and only the first answer counts") {
    const auto who = serve();
    const auto first = asked(*this, who, ask_later{});
    const auto second = asked(*this, who, ask_later{});
    CHECK(first->empty());
    post(who, answer_all{7});
    post(who, answer_all{8});
    time.run();
    CHECK(*first == strings{"7"});
    CHECK(*second == strings{"7"});
  }

  TEST_CASE_FIXTURE(served, "a call fails if the server drops it without an answer") {
    const auto who = serve();
    const auto got = asked(*this, who, ask_later{});
    post(who, drop_all{});
    time.run();
    CHECK(*got == strings{"crashed: the process dropped the call without an answer"});
  }

  TEST_CASE_FIXTURE(served, "pending calls fail with the exit reason of the server") {
    const auto who = serve();
    const auto got = asked(*this, who, ask_later{});
    SUBCASE("a stop") {
      act_on(who, [](auto&) { return next::stop(exit_reason::shutdown("enough")); });
      time.run();
      CHECK(*got == strings{"shutdown: enough"});
    }
    SUBCASE("a normal end") {
      act_on(who, [](auto&) { return next::stop(); });
      time.run();
      CHECK(*got == strings{"normal"});
    }
    SUBCASE("a throw") {
      act_on(who, [](auto&) -> next { throw std::runtime_error{"oops"}; });
      time.run();
      CHECK(*got == strings{"crashed: oops"});
    }
    SUBCASE("a kill") {
      end_abruptly(who);
      CHECK(*got == strings{"killed"});
    }
  }

  TEST_CASE_FIXTURE(served, "a reply with a continue is sent before the continue runs") {
    const auto who = serve();
    const auto got = std::make_shared<lines>();
    *got = asked(*this, who, ask{[](server& self) {
      return reply(5, next::then([&self] { static_cast<scripted&>(self).note("continue"); }));
    }});
    CHECK(**got == strings{"5"});
    CHECK(noted() == "continue");
    // A continue that throws before the reply would fail the call.
    const ask throwing{
      [](server&) { return reply(6, next::then([] { throw std::runtime_error{"too late"}; })); }};
    CHECK(*asked(*this, who, throwing) == strings{"6"});
  }

  TEST_CASE_FIXTURE(
    served, "a reply with a stop still arrives, and terminate runs with the stop's reason") {
    const auto& seen = begin();
    const auto got
      = asked(*this, seen.process,
              ask{[](server&) { return reply(5, next::stop(exit_reason::shutdown("done"))); }});
    CHECK(*got == strings{"5"});
    CHECK(seen.ended == exit_reason::shutdown("done"));
    CHECK(noted() == "terminate shutdown: done");
  }

  TEST_CASE_FIXTURE(served,
                    "terminate runs on a stop, an exception and a shutdown, but not on a kill") {
    const auto& seen = begin();
    SUBCASE("stop") {
      act_on(seen.process, [](auto&) { return next::stop(exit_reason::crashed("gave up")); });
      time.run();
      CHECK(noted() == "act, terminate crashed: gave up");
      CHECK(seen.ended == exit_reason::crashed("gave up"));
    }
    SUBCASE("throw") {
      act_on(seen.process, [](auto&) -> next { throw 7; });
      time.run();
      CHECK(noted() == "act, terminate crashed: exception of a type other than std::exception");
    }
    SUBCASE("shutdown") {
      ask_to_end(seen.process);
      CHECK(noted() == "terminate shutdown");
      CHECK(seen.ended == exit_reason::shutdown());
    }
    SUBCASE("kill") {
      end_abruptly(seen.process);
      CHECK(noted() == "");
      CHECK(seen.ended == exit_reason::killed());
    }
  }

  TEST_CASE_FIXTURE(served, "an exception in terminate becomes the exit reason") {
    const auto& seen = begin([](scripted& self) {
      self.throws_in_terminate = true;
      return init_result{};
    });
    ask_to_end(seen.process);
    CHECK(seen.ended == exit_reason::crashed("not even that"));
    CHECK(noted() == "terminate shutdown");
  }
}
