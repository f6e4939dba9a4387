// Longest, negative and zero durations wherever a process takes or waits for a duration.

#include <ottla/actors/background_work.hpp>
#include <ottla/actors/internal/line_writer.hpp>
#include <ottla/actors/stop.hpp>
#include <ottla/supervision/application.hpp>

#include "support/every_duration.hpp"
#include "support/served.hpp"

#include <doctest/doctest.h>

#include <future>
#include <memory>
#include <thread>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::hours six_weeks{1'000};

/// Calls or stops a process with a deadline of any unit, and keeps the result.
template <class Duration>
class impatient : public caf::event_based_actor {
public:
  enum class does { call, call_kept, stop };

  impatient(caf::actor_config& config, does what, process_ref whom, Duration within, lines told)
    : caf::event_based_actor{config},
      what_{what},
      whom_{std::move(whom)},
      kept_{whom_},
      within_{within},
      told_{std::move(told)} {}

  caf::behavior make_behavior() override {
    const auto note = [this](const auto& got) {
      told_->push_back(got ? "done" : to_string(got.error()));
      quit();
    };
    switch (what_) {
      case does::call: call<int>(this, whom_, within_, test::ask_later{}, note); break;
      case does::call_kept: call<int>(this, kept_, within_, test::ask_later{}, note); break;
      case does::stop: ottla::stop(this, whom_, exit_reason::shutdown(), within_, note); break;
    }
    return {[](int) {}};
  }

  void on_exit() override {
    whom_ = {};
    kept_ = {};
  }

private:
  does what_;
  process_ref whom_;
  kept_ref kept_;
  Duration within_;
  lines told_;
};

struct timed : served {
  template <class Duration>
  lines begin(typename impatient<Duration>::does what, const process_ref& whom, Duration within) {
    auto told = std::make_shared<strings>();
    time.system().spawn<impatient<Duration>>(what, whom, within, told);
    time.advance(1ms);
    return told;
  }

  template <class Duration>
  void waits(Duration within) {
    using does = typename impatient<Duration>::does;
    for (const auto what : {does::call, does::call_kept}) {
      const auto who = serve();
      const auto told = begin(what, who, within);
      time.advance(six_weeks);
      CHECK(*told == strings{});
      post(who, answer_all{7});
      time.run();
      CHECK(*told == strings{"done"});
    }
    const auto deaf = start(deaf_child("d")).process;
    const auto told = begin(does::stop, deaf, within);
    time.advance(six_weeks);
    CHECK(*told == strings{});
    end_abruptly(deaf);
    CHECK(told->size() == 1);
  }

  template <class Duration>
  void does_not_wait(Duration within) {
    using does = typename impatient<Duration>::does;
    const auto who = serve();
    for (const auto what : {does::call, does::call_kept})
      CHECK(*begin(what, who, within) == strings{"timeout"});
    CHECK(*begin(does::stop, start(deaf_child("d")).process, within) == strings{"timeout"});
  }
};

} // namespace

TEST_SUITE("durations of processes") {
  TEST_CASE_FIXTURE(timed, "calls and stops with the longest deadline wait without a limit") {
    each_longest([this](auto within) { waits(within); });
  }

  TEST_CASE_FIXTURE(timed, "calls and stops with a deadline of zero or below time out at once") {
    each_negative([this](auto within) { does_not_wait(within); });
    each_zero([this](auto within) { does_not_wait(within); });
  }

  TEST_CASE_FIXTURE(timed, "cast_after with the longest delay never delivers, and cast_after with "
                           "a delay of zero or below delivers at once") {
    const auto who = serve();
    const auto delay = [&](auto by) {
      act_on(who, [by](scripted& self) {
        cast_after(&self, by, act{[](server&) { return next{}; }});
        return next{};
      });
      time.advance(1ms);
    };
    each_longest([&](auto by) {
      delay(by);
      time.advance(six_weeks);
      CHECK(noted() == "act");
    });
    const auto at_once = [&](auto by) {
      delay(by);
      CHECK(noted() == "act, act");
    };
    each_negative(at_once);
    each_zero(at_once);
  }

  TEST_CASE_FIXTURE(
    timed,
    "the longest timeout of a server never fires, and a timeout of zero or below fires at once") {
    const auto who = serve();
    const auto wait = [&](auto idle) {
      act_on(who, [idle](auto&) { return next::timeout(idle); });
      time.advance(1ms);
    };
    each_longest([&](auto idle) {
      wait(idle);
      time.advance(six_weeks);
      CHECK(noted() == "act");
    });
    const auto at_once = [&](auto idle) {
      wait(idle);
      CHECK(noted() == "act, timeout");
    };
    each_negative(at_once);
    each_zero(at_once);
  }

  TEST_CASE("advance() by the longest duration fires every timer, and advance() by zero or below "
            "leaves virtual time unchanged") {
    each_longest([](auto by) {
      timed on;
      const auto who = on.serve();
      on.act_on(who, [](auto&) { return next::timeout(1h); });
      const auto began = on.time.now();
      on.time.advance(by);
      CHECK(on.noted() == "act, timeout");
      CHECK(on.time.now() > began + six_weeks);
    });
    const auto stays = [](auto by) {
      timed on;
      const auto began = on.time.now();
      on.time.advance(by);
      CHECK(on.time.now() == began);
    };
    each_negative(stays);
    each_zero(stays);
  }

  TEST_CASE("blocking calls and stops with the longest deadline succeed, and calls with a deadline "
            "of zero or below time out") {
    const auto log = std::make_shared<strings>();
    application app{{.id = "app",
                     .children = {{.id = "s",
                                   .start = start<scripted>(log, scripted::plan{}),
                                   .restart = restart_policy::temporary,
                                   .name = "s"}}}};
    const auto who = app.find("s");
    each_longest([&](auto within) {
      const auto answer = call<int>(app.system(), who, within, ask_plain{41});
      REQUIRE(answer.has_value());
      CHECK(*answer == 42);
    });
    each_negative([&](auto within) {
      CHECK(call<int>(app.system(), who, within, test::ask_later{}).error()
            == exit_reason::timeout());
    });
    CHECK(call<int>(app.system(), who, 0h, test::ask_later{}).error() == exit_reason::timeout());
    CHECK(stop(app.system(), who, exit_reason::shutdown(), std::chrono::hours::max()).has_value());
  }

  TEST_CASE("wait_for_background_work with the longest duration returns when the work ends, and "
            "with zero or below returns at once") {
    each_longest([](auto within) {
      auto work = std::make_unique<background_work>("at work");
      auto waited
        = std::async(std::launch::async, [within] { return wait_for_background_work(within); });
      CHECK(waited.wait_for(20ms) == std::future_status::timeout);
      work.reset();
      CHECK(waited.get());
    });
    const background_work work{"at work"};
    const auto does_not_wait = [](auto within) { CHECK_FALSE(wait_for_background_work(within)); };
    each_negative(does_not_wait);
    each_zero(does_not_wait);
  }

  TEST_CASE("a flush with the longest duration returns when all lines are written") {
    std::promise<void> may_write;
    const auto written = may_write.get_future().share();
    detail::line_writer writer{[&](std::string_view text) {
      written.wait();
      return detail::write_result{text.size(), false};
    }};
    std::thread thread{[&] { writer.run(); }};
    writer.add("one");
    auto flushed = std::async(std::launch::async,
                              [&] { return writer.flush(std::chrono::nanoseconds::max()); });
    CHECK(flushed.wait_for(20ms) == std::future_status::timeout);
    may_write.set_value();
    CHECK(flushed.get());
    writer.add("two");
    CHECK(writer.flush(1min));
    writer.close();
    thread.join();
  }
}
