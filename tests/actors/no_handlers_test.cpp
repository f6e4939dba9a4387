#include <ottla/actors/call.hpp>
#include <ottla/actors/introspection.hpp>
#include <ottla/actors/link.hpp>
#include <ottla/actors/server.hpp>
#include <ottla/actors/stop.hpp>
#include <ottla/supervision/application.hpp>

#include "support/counter.hpp"
#include "support/served.hpp"
#include "support/stop_caller.hpp"

#include <doctest/doctest.h>

// A process without handlers lives like any other process. Timer-only servers and owners of a
// resource have no handlers.

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;
using outcome = process_started::outcome;

namespace {

/// A server whose init registers nothing.
class mute_server : public server {
public:
  using plan = std::function<init_result(mute_server&)>;

  mute_server(caf::actor_config& config, process_context context, lines log, plan begin)
    : server{config, std::move(context)}, log{std::move(log)}, begin_{std::move(begin)} {}

  void note(std::string what) const { log->push_back(std::move(what)); }
  using process::trap_exits;
  using server::start_done;
  using server::stop;

  const lines log;

private:
  init_result init(handlers&) override { return begin_ ? begin_(*this) : init_result{}; }

  next timed_out() override {
    note("timeout");
    return next::timeout(1s);
  }

  void terminate(const exit_reason& why) override { note("terminate " + to_string(why)); }

  plan begin_;
};

/// A process whose set_up does what the test says.
class mute_process : public process {
public:
  using plan = std::function<caf::behavior(mute_process&)>;

  mute_process(caf::actor_config& config, process_context context, plan begin)
    : process{config, std::move(context)}, begin_{std::move(begin)} {}

  using process::become;
  using process::ignore_start;
  using process::shutdown;
  using process::stop;
  using process::unbecome;

private:
  caf::behavior set_up() override { return begin_ ? begin_(*this) : caf::behavior{}; }

  plan begin_;
};

struct without_handlers : served {
  const sighting& begin_server(mute_server::plan plan = nullptr, std::string name = {}) {
    return start({.id = "s",
                  .start = ottla::start<mute_server>(log_lines, std::move(plan)),
                  .name = std::move(name)});
  }

  const sighting& begin_process(mute_process::plan plan = nullptr, std::string name = {}) {
    return start(
      {.id = "p", .start = ottla::start<mute_process>(std::move(plan)), .name = std::move(name)});
  }

  /// A process's answer to a request of introspection.hpp.
  template <class Answer, class Request>
  std::optional<Answer> inspect(const caf::actor& who, Request request) {
    auto got = std::make_shared<std::optional<Answer>>();
    auto* eyes = new_eyes();
    call<Answer>(eyes, who, infinity, std::move(request), [got](const call_result<Answer>& answer) {
      if (answer)
        *got = *answer;
    });
    time.run();
    return *got;
  }

private:
  caf::event_based_actor* new_eyes() {
    eyes_.push_back(
      time.system().spawn([](caf::event_based_actor*) -> caf::behavior { return {[](int) {}}; }));
    return static_cast<caf::event_based_actor*>(
      caf::actor_cast<caf::abstract_actor*>(eyes_.back()));
  }

  std::vector<caf::actor> eyes_;
};

} // namespace

TEST_SUITE("no handlers") {
  TEST_CASE_FIXTURE(without_handlers,
                    "a server without handlers runs, keeps its name, and terminates on request") {
    const auto& seen = begin_server(nullptr, "mute");
    REQUIRE(seen.up());
    CHECK(names->whereis("mute") == seen.process);
    time.advance(1h);
    CHECK(seen.up());
    ask_to_end(seen.process);
    CHECK(seen.ended == exit_reason::shutdown());
    CHECK(noted() == "terminate shutdown");
    CHECK_FALSE(names->whereis("mute"));
  }

  TEST_CASE_FIXTURE(without_handlers, "a server without handlers gets its timeouts") {
    const auto& seen = begin_server([](auto&) { return next::timeout(1s); });
    REQUIRE(seen.up());
    time.advance(3s);
    CHECK(noted() == "timeout, timeout, timeout");
    CHECK(seen.up());
  }

  TEST_CASE_FIXTURE(without_handlers, "a server without handlers runs the continue of its init") {
    const auto& seen = begin_server([](mute_server& self) {
      return next::then([&self] {
        self.note("continue");
        return next::timeout(1s);
      });
    });
    REQUIRE(seen.up());
    time.advance(1s);
    CHECK(noted() == "continue, timeout");
  }

  TEST_CASE_FIXTURE(without_handlers, "a server without handlers can complete its start later") {
    const auto peer = serve();
    const auto& seen = begin_server([&](mute_server& self) {
      on_down(&self, [&self](const caf::down_msg&) { self.start_done(next::timeout(1s)); });
      start_watching(&self, peer);
      return init_result::later();
    });
    CHECK_FALSE(seen.answer);
    CHECK_FALSE(seen.ended);
    end_abruptly(peer);
    time.advance(1s);
    CHECK(seen.up());
    CHECK(noted() == "timeout");
  }

  TEST_CASE_FIXTURE(without_handlers,
                    "servers and processes without handlers can ignore their start") {
    const auto& of_server = begin_server([](auto&) { return init_result::ignore(); });
    CHECK(of_server.answer->result == outcome::ignored);
    CHECK(of_server.ended == exit_reason::normal());
    for (const bool with_handlers : {false, true}) {
      const auto& of_process = begin_process([=](mute_process& self) -> caf::behavior {
        self.ignore_start();
        if (with_handlers)
          return {[](int) {}};
        return {};
      });
      CHECK(of_process.answer->result == outcome::ignored);
      CHECK(of_process.ended == exit_reason::normal());
    }
    CHECK(noted() == "");
  }

  TEST_CASE_FIXTURE(without_handlers,
                    "a stop in a set_up that returns an empty behavior fails the start") {
    const auto& seen = begin_process([](mute_process& self) -> caf::behavior {
      self.stop(exit_reason::crashed("no"));
      return {};
    });
    CHECK(seen.answer->result == outcome::failed);
    CHECK(seen.ended == exit_reason::crashed("no"));
  }

  TEST_CASE_FIXTURE(without_handlers, "a process with an empty behavior runs until it is stopped") {
    const auto& seen = begin_process(nullptr, "mute");
    REQUIRE(seen.up());
    CHECK(names->whereis("mute") == seen.process);
    post(seen.process, 42);
    time.advance(1h);
    CHECK(seen.up());
    CHECK(*stop_on(*this, process_ref{names, "mute"}) == "done");
    CHECK(seen.ended == exit_reason::normal());
  }

  TEST_CASE_FIXTURE(
    without_handlers,
    "a behavior set with become during set_up is kept if set_up returns an empty behavior") {
    const auto& seen = begin_process([](mute_process& self) -> caf::behavior {
      self.become(caf::behavior{[&self](int) { self.stop(); }});
      return {};
    });
    REQUIRE(seen.up());
    post(seen.process, 42);
    time.run();
    CHECK(seen.ended == exit_reason::normal());
  }

  TEST_CASE_FIXTURE(without_handlers, "a process that drops its behavior later keeps running") {
    for (const bool by_unbecome : {false, true}) {
      const auto& seen = begin_process([=](mute_process& self) -> caf::behavior {
        return {[&self, by_unbecome](int) {
          if (by_unbecome)
            self.unbecome();
          else
            self.become(caf::behavior{});
        }};
      });
      post(seen.process, 42);
      time.run();
      CHECK(seen.up());
      CHECK(inspect<std::string>(seen.process, get_state{}));
      ask_to_end(seen.process);
      CHECK(seen.ended == exit_reason::shutdown());
    }
  }

  TEST_CASE_FIXTURE(without_handlers,
                    "a process that drops its behavior during a stop still ends") {
    const auto& seen = begin_process([](mute_process& self) -> caf::behavior {
      return {[&self](int) {
        self.stop();
        self.become(caf::behavior{});
        self.unbecome();
      }};
    });
    post(seen.process, 42);
    time.run();
    CHECK(seen.ended == exit_reason::normal());
  }

  TEST_CASE_FIXTURE(without_handlers, "a process without handlers answers introspection requests") {
    const auto& seen = begin_process();
    CHECK(inspect<std::string>(seen.process, get_state{}).value_or("").find("mute_process")
          != std::string::npos);
    post(seen.process, suspend{});
    time.run();
    const auto status = inspect<process_status>(seen.process, get_status{});
    REQUIRE(status);
    CHECK(status->suspended);
    post(seen.process, 42);
    time.run();
    CHECK(inspect<process_status>(seen.process, get_status{})->mailbox_length == 1);
    post(seen.process, resume{});
    time.run();
    CHECK_FALSE(inspect<process_status>(seen.process, get_status{})->suspended);
    CHECK(inspect<process_status>(seen.process, get_status{})->mailbox_length == 0);
    CHECK(seen.up());
  }

  TEST_CASE_FIXTURE(without_handlers,
                    "a call to a process without handlers fails, and the process keeps running") {
    const auto& seen = begin_process();
    const auto got = *asked(*this, seen.process, ask_plain{1});
    REQUIRE(got.size() == 1);
    CHECK(got[0].find("crashed") == 0);
    CHECK(seen.up());
  }

  TEST_CASE_FIXTURE(
    without_handlers,
    "a server without handlers ends if a linked process crashes, unless the server traps exits") {
    for (const bool traps : {false, true}) {
      const auto peer = serve();
      const auto& seen = begin_server([&](mute_server& self) {
        self.trap_exits(traps);
        link(&self, peer);
        return init_result{};
      });
      REQUIRE(seen.up());
      act_on(peer, [](auto&) { return next::stop(exit_reason::crashed("peer")); });
      time.run();
      CHECK(seen.up() == traps);
      if (!traps)
        CHECK(seen.ended == exit_reason::crashed("peer"));
    }
  }

  TEST_CASE("a child without handlers runs on every scheduler, detached or not") {
    for (const auto policy : {scheduling::handoff, scheduling::sharing, scheduling::stealing})
      for (const auto how : {execution::scheduled, execution::detached}) {
        const auto log = std::make_shared<std::vector<std::string>>();
        application app{{.id = "app",
                         .children = {{.id = "s",
                                       .start = start<mute_server>(log, mute_server::plan{}),
                                       .name = "s",
                                       .run_as = how},
                                      {.id = "p",
                                       .start = start<mute_process>(mute_process::plan{}),
                                       .name = "p",
                                       .run_as = how}},
                         .scheduling = policy}};
        for (const auto* name : {"s", "p"}) {
          const auto state = call<std::string>(app.system(), app.find(name), 10s, get_state{});
          CHECK(state);
        }
        CHECK(app.stop());
        CHECK(*log == strings{"terminate shutdown"});
      }
  }
}
