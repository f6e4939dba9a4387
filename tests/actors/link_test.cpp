#include <ottla/actors/call.hpp>
#include <ottla/actors/link.hpp>
#include <ottla/actors/server.hpp>

#include "support/stage.hpp"

#include <doctest/doctest.h>

#include <functional>

namespace ottla::test {

/// Makes a linker run `what`.
struct link_act {
  std::function<void(process&)> what;
};
struct link_ask {};
struct tick {};

} // namespace ottla::test

OTTLA_MESSAGES(ottla_test_link, ottla::first_user_type_id + 70, ottla::test::link_act,
               ottla::test::link_ask, ottla::test::tick)

using namespace ottla;
using namespace ottla::test;

namespace {

using lines = std::shared_ptr<std::vector<std::string>>;

/// Runs the functions in link_act, and logs its exits, ticks and its own end.
class linker : public server {
public:
  linker(caf::actor_config& config, process_context context, std::string id, lines log, bool traps)
    : server{config, std::move(context)}, id_{std::move(id)}, log_{std::move(log)}, traps_{traps} {}

private:
  init_result init(handlers& on) override {
    trap_exits(traps_);
    on.cast([this](const link_act& act) { act.what(*this); });
    on.cast([this](const exited& what) {
      note("exit of " + std::string{what.source ? "somebody" : "nobody"} + ' '
           + to_string(what.reason));
    });
    on.cast([this](tick) { note("tick"); });
    on.cast([](const crash& what) { throw std::runtime_error{what.text}; });
    on.cast([](const finish& what) { return next::stop(what.reason); });
    on.call([this](link_ask, caller<int> from) { open_.push_back(std::move(from)); });
    return {};
  }

  void terminate(const exit_reason& why) override { note("terminate " + to_string(why)); }
  void note(const std::string& what) { log_->push_back(id_ + ": " + what); }

  std::string id_;
  lines log_;
  bool traps_;
  std::vector<caller<int>> open_;
};

/// A plain CAF actor, which is not a process.
class stranger : public caf::event_based_actor {
public:
  stranger(caf::actor_config& config, lines log)
    : caf::event_based_actor{config}, log_{std::move(log)} {}

  caf::behavior make_behavior() override {
    on_exception(this, [](const std::exception_ptr& thrown) {
      return to_error(exit_reason::crashed(text_of(thrown)));
    });
    on_exit_request(this, [this](const caf::exit_msg& exit) {
      log_->push_back("stranger: " + to_string(to_exit_reason(exit.reason)));
      if (exit.reason)
        quit(exit.reason);
    });
    return {[](const crash& what) { throw std::runtime_error{what.text}; }};
  }

private:
  lines log_;
};

struct linking : stage {
  ~linking() { kill(outsider); }

  const sighting& begin(const std::string& id, bool traps = false) {
    return start({.id = id, .start = ottla::start<linker>(id, log_lines, traps)});
  }

  void act(const caf::actor& who, std::function<void(ottla::process&)> what) {
    post(who, link_act{std::move(what)});
    time.run();
  }

  void join(const caf::actor& who, const process_ref& whom) {
    act(who, [whom](ottla::process& self) { link(&self, whom); });
  }

  void part(const caf::actor& who, const process_ref& whom) {
    act(who, [whom](ottla::process& self) { unlink(&self, whom); });
  }

  template <class Message>
  void send(const caf::actor& who, Message what) {
    post(who, std::move(what));
    time.run();
  }

  const caf::actor& meet_outsider() {
    outsider = caf::actor_cast<caf::actor>(time.system().spawn<stranger>(log_lines));
    time.run();
    return outsider;
  }

  std::string noted() { return take_lines(*log_lines); }

  lines log_lines = std::make_shared<std::vector<std::string>>();
  caf::actor outsider;
};

} // namespace

TEST_SUITE("link") {
  TEST_CASE_FIXTURE(
    linking, "if a process ends abnormally, its linked process ends without running terminate") {
    const auto& a = begin("a");
    const auto& b = begin("b");
    join(a.process, b.process);
    SUBCASE("the link's target crashes") {
      send(b.process, crash{"out of paper"});
      CHECK(a.ended == exit_reason::crashed("out of paper"));
      CHECK(noted() == "b: terminate crashed: out of paper");
    }
    SUBCASE("the process that linked crashes") {
      send(a.process, crash{"out of paper"});
      CHECK(b.ended == exit_reason::crashed("out of paper"));
      CHECK(noted() == "a: terminate crashed: out of paper");
    }
    SUBCASE("the link's target is shut down") {
      ask_to_end(b.process);
      CHECK(a.ended == exit_reason::shutdown());
      CHECK(noted() == "b: terminate shutdown");
    }
  }

  TEST_CASE_FIXTURE(linking, "a linked process ignores a normal end unless it traps exits") {
    const auto& a = begin("a");
    const auto& b = begin("b");
    const auto& c = begin("c", true);
    join(a.process, b.process);
    join(c.process, b.process);
    send(b.process, finish{exit_reason::normal()});
    CHECK(b.ended == exit_reason::normal());
    CHECK(a.up());
    CHECK(c.up());
    CHECK(noted() == "b: terminate normal, c: exit of somebody normal");
  }

  TEST_CASE_FIXTURE(linking,
                    "the exit of a killed process has the reason killed and can be trapped") {
    const auto& a = begin("a", true);
    const auto& b = begin("b");
    const auto& c = begin("c");
    join(a.process, b.process);
    join(c.process, b.process);
    end_abruptly(b.process);
    CHECK(a.up());
    CHECK(c.ended == exit_reason::killed());
    CHECK(noted() == "a: exit of somebody killed");
    end_abruptly(a.process);
    CHECK(a.ended == exit_reason::killed());
    CHECK(noted() == "");
  }

  TEST_CASE_FIXTURE(linking, "a trapped exit has the address of the process that ended") {
    const auto& a = begin("a");
    const auto& b = begin("b");
    caf::actor_addr source;
    struct traps : server {
      traps(caf::actor_config& config, process_context context, caf::actor whom,
            caf::actor_addr* seen)
        : server{config, std::move(context)}, whom_{std::move(whom)}, seen_{seen} {}
      init_result init(handlers& on) override {
        trap_exits();
        link(this, whom_);
        on.cast([this](const exited& what) { *seen_ = what.source; });
        return {};
      }
      caf::actor whom_;
      caf::actor_addr* seen_;
    };
    start({.id = "t", .start = ottla::start<traps>(b.process, &source)});
    end_abruptly(b.process);
    CHECK(source == b.process.address());
    CHECK(a.up());
  }

  TEST_CASE_FIXTURE(
    linking, "a process that links to a dead process or an unknown name gets an exit with noproc") {
    const auto& gone = begin("gone");
    end_abruptly(gone.process);
    const process_ref nobody{names, "nobody"};
    const auto& a = begin("a");
    join(a.process, gone.process);
    CHECK(a.ended == exit_reason::noproc());
    const auto& b = begin("b");
    join(b.process, nobody);
    CHECK(b.ended == exit_reason::noproc());
    const auto& c = begin("c", true);
    join(c.process, gone.process);
    join(c.process, nobody);
    CHECK(c.up());
    CHECK(noted() == "c: exit of somebody noproc, c: exit of nobody noproc");
  }

  TEST_CASE_FIXTURE(linking, "a link by name links to the name's holder") {
    const auto& a = begin("a", true);
    const auto& b
      = start({.id = "b", .start = ottla::start<linker>("b", log_lines, false), .name = "feed"});
    join(a.process, {names, "feed"});
    end_abruptly(b.process);
    CHECK(noted() == "a: exit of somebody killed");
  }

  TEST_CASE_FIXTURE(linking, "repeated links of two processes count as one link") {
    const auto& a = begin("a", true);
    const auto& b = begin("b", true);
    join(a.process, b.process);
    join(a.process, b.process);
    join(b.process, a.process);
    SUBCASE("one exit arrives") {
      end_abruptly(b.process);
      CHECK(noted() == "a: exit of somebody killed");
    }
    SUBCASE("one unlink removes the link on both sides") {
      part(b.process, a.process);
      end_abruptly(b.process);
      CHECK(noted() == "");
    }
  }

  TEST_CASE_FIXTURE(linking, "a link of a process to itself does nothing") {
    const auto& a = begin("a", true);
    join(a.process, a.process);
    CHECK(a.up());
    send(a.process, finish{exit_reason::crashed("x")});
    CHECK(noted() == "a: terminate crashed: x");
  }

  TEST_CASE_FIXTURE(linking, "unlink also drops an exit that already waits in the mailbox") {
    const auto& a = begin("a");
    const auto& b = begin("b");
    join(a.process, b.process);
    time.hang(a.process);
    // Posted before the exit, so that the exit waits behind this message in the mailbox.
    post(a.process, link_act{[peer = b.process](ottla::process& self) { unlink(&self, peer); }});
    end_abruptly(b.process);
    CHECK(b.ended == exit_reason::killed());
    time.wake(a.process);
    time.run();
    CHECK(a.up());
  }

  TEST_CASE_FIXTURE(linking, "a linked process's exit arrives after the messages that it sent") {
    const auto& a = begin("a", true);
    const auto& b = begin("b");
    join(a.process, b.process);
    post(b.process, link_act{[to = a.process](ottla::process& self) {
           cast(&self, to, tick{});
           cast(&self, to, tick{});
         }});
    send(b.process, crash{"x"});
    CHECK(noted() == "b: terminate crashed: x, a: tick, a: tick, a: exit of somebody crashed: x");
  }

  TEST_CASE_FIXTURE(linking, "a link does not keep a process alive") {
    const auto& a = begin("a", true);
    std::weak_ptr<std::vector<std::string>> alive;
    {
      auto own = std::make_shared<std::vector<std::string>>();
      alive = own;
      auto alone = start_context{.system = time.system(), .process = {}}.spawn<linker>(
        "alone", std::move(own), false);
      join(a.process, alone);
      CHECK_FALSE(alive.expired());
    }
    time.run();
    CHECK(alive.expired());
    CHECK(noted().find("a: exit of somebody") == 0);
  }

  TEST_CASE_FIXTURE(linking,
                    "pending calls fail with the exit reason if a link ends their callee") {
    const auto& a = begin("a");
    const auto& b = begin("b");
    join(a.process, b.process);
    std::string got;
    struct asker : caf::event_based_actor {
      asker(caf::actor_config& config, caf::actor whom, std::string* into)
        : caf::event_based_actor{config}, whom_{std::move(whom)}, into_{into} {}
      caf::behavior make_behavior() override {
        call<int>(this, whom_, infinity, link_ask{}, [this](const call_result<int>& answer) {
          *into_ = answer ? "answered" : to_string(answer.error());
        });
        return {};
      }
      caf::actor whom_;
      std::string* into_;
    };
    time.system().spawn<asker>(a.process, &got);
    time.run();
    send(b.process, crash{"x"});
    CHECK(got == "crashed: x");
  }

  TEST_CASE_FIXTURE(linking, "a process can link to an actor that is not an ottla::process") {
    const auto& a = begin("a", true);
    const auto& outside = meet_outsider();
    join(a.process, outside);
    join(a.process, outside);
    SUBCASE("the end of the actor arrives as an exit") {
      send(outside, crash{"x"});
      CHECK(noted() == "a: exit of somebody crashed: x");
    }
    SUBCASE("the exit of the killed actor has the reason killed") {
      end_abruptly(outside);
      CHECK(noted() == "a: exit of somebody killed");
    }
    SUBCASE("the actor gets one CAF exit_msg") {
      send(a.process, finish{exit_reason::crashed("x")});
      CHECK(noted() == "a: terminate crashed: x, stranger: crashed: x");
      CHECK_FALSE(is_alive(outside));
    }
    SUBCASE("the actor can trap the exit of a killed process") {
      end_abruptly(a.process);
      CHECK(noted() == "stranger: crashed: killed");
    }
    SUBCASE("after an unlink the actor gets no exit") {
      part(a.process, outside);
      end_abruptly(a.process);
      CHECK(noted() == "");
      CHECK(is_alive(outside));
    }
  }

  TEST_CASE_FIXTURE(linking,
                    "an exit from an unlinked actor acts like an exit from a linked process") {
    const auto& a = begin("a");
    const auto& b = begin("b", true);
    const auto& outside = meet_outsider();
    const auto send_exit = [&](const caf::actor& to, const exit_reason& why) {
      signal_exit(to, outside.address(), to_error(why));
      time.run();
    };
    send_exit(a.process, exit_reason::normal());
    CHECK(a.up());
    send_exit(a.process, exit_reason::shutdown("go"));
    CHECK(a.ended == exit_reason::shutdown("go"));
    send_exit(b.process, exit_reason::normal());
    send_exit(b.process, exit_reason::shutdown("go"));
    CHECK(b.up());
    CHECK(noted() == "b: exit of somebody normal, b: exit of somebody shutdown: go");
  }

  TEST_CASE_FIXTURE(
    linking,
    "a supervisor's shutdown request ends a process that traps exits, and terminate runs") {
    const auto& a = begin("a", true);
    ask_to_end(a.process);
    CHECK(a.ended == exit_reason::shutdown());
    CHECK(noted() == "a: terminate shutdown");
  }

  TEST_CASE_FIXTURE(linking, "two processes that link to each other concurrently end together") {
    // CAF's real scheduler runs both processes concurrently, so that each takes the other's lock.
    init_message_types();
    caf::actor_system_config config;
    set_scheduler(config, scheduling::sharing, 2);
    caf::actor_system system{config};
    for (int round = 0; round < 200; ++round) {
      std::vector<caf::actor> both;
      for (const auto* id : {"a", "b"})
        both.push_back(start_context{.system = system, .process = {}}.spawn<linker>(
          id, std::make_shared<std::vector<std::string>>(), false));
      for (const auto at : {0u, 1u})
        post(both[at], link_act{[peer = both[1 - at]](ottla::process& self) {
               for (int each = 0; each < 10; ++each) {
                 unlink(&self, peer);
                 link(&self, peer);
               }
             }});
      post(both[round % 2], crash{"x"});
      // Hangs if a link was lost.
      system.await_all_actors_done();
    }
  }
}
