#include <ottla/actors/monitor.hpp>
#include <ottla/actors/server.hpp>

#include "support/stage.hpp"

#include <doctest/doctest.h>

#include <functional>

namespace ottla::test {

struct monitor_act {
  std::function<void(process&)> what;
};

} // namespace ottla::test

OTTLA_MESSAGES(ottla_test_monitor, ottla::first_user_type_id + 80, ottla::test::monitor_act)

using namespace ottla;
using namespace ottla::test;

namespace {

using downs = std::shared_ptr<std::vector<process_down>>;

class watcher : public server {
public:
  watcher(caf::actor_config& config, process_context context, downs seen)
    : server{config, std::move(context)}, seen_{std::move(seen)} {}

private:
  init_result init(handlers& on) override {
    on.cast([this](const monitor_act& act) { act.what(*this); });
    on.cast([this](const process_down& down) { seen_->push_back(down); });
    return {};
  }

  downs seen_;
};

struct monitoring : stage {
  const sighting& begin() { return start({.id = "w", .start = ottla::start<watcher>(seen)}); }

  void act(const caf::actor& who, std::function<void(ottla::process&)> what) {
    post(who, monitor_act{std::move(what)});
    time.run();
  }

  monitor_ref watch(const caf::actor& who, const process_ref& whom) {
    monitor_ref ref;
    act(who, [&](ottla::process& self) { ref = ottla::monitor(&self, whom); });
    return ref;
  }

  downs seen = std::make_shared<std::vector<process_down>>();
};

} // namespace

TEST_SUITE("monitor") {
  TEST_CASE_FIXTURE(monitoring,
                    "a monitor reports the end of its process once, with reason and source") {
    const auto& w = begin();
    const auto& a = start(child("a"));
    const auto ref = watch(w.process, a.process);
    CHECK(seen->empty());
    tell("a", crash{"out of paper"});
    REQUIRE(seen->size() == 1);
    CHECK(seen->front().monitor == ref);
    CHECK(seen->front().reason == exit_reason::crashed("out of paper"));
    CHECK(seen->front().source == a.process.address());
    CHECK(seen->front().name == "");
    CHECK(w.up());
  }

  TEST_CASE_FIXTURE(
    monitoring,
    "each call of monitor returns its own monitor_ref and causes its own process_down") {
    const auto& w = begin();
    const auto& a = start(child("a"));
    CHECK(watch(w.process, a.process) != watch(w.process, a.process));
    end_abruptly(a.process);
    REQUIRE(seen->size() == 2);
    CHECK((*seen)[0].monitor != (*seen)[1].monitor);
    CHECK((*seen)[0].reason == exit_reason::killed());
  }

  TEST_CASE_FIXTURE(monitoring, "a monitor reports a normal end") {
    const auto& w = begin();
    const auto& a = start(child("a"));
    watch(w.process, a.process);
    tell("a", finish{});
    REQUIRE(seen->size() == 1);
    CHECK(seen->front().reason == exit_reason::normal());
  }

  TEST_CASE_FIXTURE(monitoring,
                    "a monitor of a dead process or an unknown name reports noproc at once") {
    const auto& w = begin();
    const auto& a = start(child("a"));
    end_abruptly(a.process);
    watch(w.process, a.process);
    watch(w.process, {names, "nobody"});
    REQUIRE(seen->size() == 2);
    CHECK((*seen)[0].reason == exit_reason::noproc());
    CHECK((*seen)[0].source == a.process.address());
    CHECK((*seen)[1].reason == exit_reason::noproc());
    CHECK((*seen)[1].name == "nobody");
    CHECK_FALSE((*seen)[1].source);
  }

  TEST_CASE_FIXTURE(monitoring, "a monitor by name reports the name") {
    const auto& w = begin();
    auto spec = child("a");
    spec.name = "feed";
    const auto& a = start(spec);
    watch(w.process, {names, "feed"});
    end_abruptly(a.process);
    REQUIRE(seen->size() == 1);
    CHECK(seen->front().name == "feed");
    CHECK(seen->front().source == a.process.address());
  }

  TEST_CASE_FIXTURE(monitoring,
                    "demonitor removes one monitor and keeps other monitors of the process") {
    const auto& w = begin();
    const auto& a = start(child("a"));
    const auto first = watch(w.process, a.process);
    const auto second = watch(w.process, a.process);
    act(w.process, [&](ottla::process& self) { demonitor(&self, first); });
    end_abruptly(a.process);
    REQUIRE(seen->size() == 1);
    CHECK(seen->front().monitor == second);
  }

  TEST_CASE_FIXTURE(monitoring,
                    "demonitor also drops a process_down that already waits in the mailbox") {
    const auto& w = begin();
    const auto& a = start(child("a"));
    const auto ref = watch(w.process, a.process);
    bool was_dead = false;
    post(w.process, monitor_act{[&](ottla::process& self) {
           // The DOWN of `a` is behind this message in the mailbox.
           was_dead = !is_alive(a.process);
           demonitor(&self, ref);
         }});
    time.hang(w.process);
    end_abruptly(a.process);
    time.wake(w.process);
    time.run();
    CHECK(was_dead);
    CHECK(seen->empty());
    CHECK(w.up());
  }

  TEST_CASE_FIXTURE(monitoring, "a process can monitor an actor that is not an ottla::process") {
    const auto& w = begin();
    auto outside
      = caf::actor_cast<caf::actor>(time.system().spawn<witness>(std::make_shared<sighting>()));
    time.run();
    watch(w.process, outside);
    end_abruptly(outside);
    REQUIRE(seen->size() == 1);
    CHECK(seen->front().reason == exit_reason::killed());
  }

  TEST_CASE_FIXTURE(monitoring,
                    "ottla's monitors and CAF's monitors of one process are independent") {
    const auto& a = start(child("a"));
    std::size_t told = 0;
    struct both : ottla::process {
      both(caf::actor_config& config, process_context context, caf::actor whom, std::size_t* downs)
        : ottla::process{config, std::move(context)}, whom_{std::move(whom)}, downs_{downs} {}
      caf::behavior set_up() override {
        on_down(this, [this](const caf::down_msg&) { ++*downs_; });
        start_watching(this, whom_);
        const auto ref = ottla::monitor(this, whom_);
        ottla::monitor(this, whom_);
        ottla::demonitor(this, ref);
        return {[this](const process_down&) { *downs_ += 10; }};
      }
      caf::actor whom_;
      std::size_t* downs_;
    };
    start({.id = "b", .start = ottla::start<both>(a.process, &told)});
    end_abruptly(a.process);
    CHECK(told == 11);
  }

  TEST_CASE_FIXTURE(monitoring,
                    "a process that ends removes its monitors from the monitored processes") {
    const auto& w = begin();
    const auto& a = start(child("a"));
    watch(w.process, a.process);
    const auto& other = begin();
    // A monitor at `a` holds a weak handle of the monitoring process.
    const auto handles = [](const sighting& of) {
      return caf::actor_cast<caf::actor_control_block*>(of.process)->weak_refs.load();
    };
    CHECK(handles(w) == handles(other) + 1);
    end_abruptly(w.process);
    end_abruptly(other.process);
    CHECK(handles(w) == handles(other));
    CHECK(seen->empty());
  }

  TEST_CASE_FIXTURE(monitoring, "a process without a handler for process_down keeps running") {
    struct deaf : ottla::process {
      deaf(caf::actor_config& config, process_context context, caf::actor whom)
        : ottla::process{config, std::move(context)}, whom_{std::move(whom)} {}
      caf::behavior set_up() override {
        ottla::monitor(this, whom_);
        return {[](const note&) {}};
      }
      caf::actor whom_;
    };
    const auto& a = start(child("a"));
    const auto& d = start({.id = "d", .start = ottla::start<deaf>(a.process)});
    end_abruptly(a.process);
    CHECK(d.up());
  }
}
