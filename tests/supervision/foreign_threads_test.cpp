#include <ottla/actors/background_work.hpp>
#include <ottla/actors/call.hpp>
#include <ottla/actors/introspection.hpp>
#include <ottla/actors/stop.hpp>
#include <ottla/supervision/application.hpp>

#include "support/counter.hpp"
#include "support/latched.hpp"
#include "support/living_thread.hpp"
#include "support/print.hpp"
#include "support/stranger.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <thread>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

/// Longer than any case may take, so that a stop that hangs fails its case.
constexpr auto no_deadline = 1h;

/// A thread whose background work ends when it is cut short.
class interruptible_worker {
public:
  void begin(std::shared_ptr<background_work> work) {
    thread_ = std::thread{[this, work = std::move(work)]() mutable {
      while (!work->is_cut_short() && !over_.wait_for(1, 0s))
        std::this_thread::yield();
      cut_short_ = work->is_cut_short();
      work.reset();
    }};
  }

  /// Ends the thread. Returns whether the work was cut short before the thread ended.
  bool was_cut_short() {
    over_.raise();
    thread_.join();
    return cut_short_;
  }

private:
  counter over_;
  std::atomic<bool> cut_short_ = false;
  std::thread thread_;
};

} // namespace

TEST_SUITE("application: threads of the program") {
  TEST_CASE("a living thread that has used the application does not delay the application's end") {
    const std::vector<std::function<void(application&)>> uses{
      [](application& app) {
        static_cast<void>(call<void>(app.system(), app.find("a"), 1ms, die{}));
      },
      [](application& app) {
        static_cast<void>(call<void>(app.system(), app.find("x"), 1s, die{}));
      },
      [](application& app) {
        static_cast<void>(call<process_status>(app.system(), app.find("a"), 1s, get_status{}));
      },
      [](application& app) { post(app.find("a"), die{}); },
      [](application& app) { static_cast<void>(stop(app.system(), app.find("a"))); },
      [](application& app) { static_cast<void>(stop(app.system(), app.find("x"))); },
      [](application& app) { app.when_ended([] {}); },
      [](application& app) { static_cast<void>(app.ended()); },
      [](application& app) { static_cast<void>(app.find("a").resolve()); },
      [](application& app) { static_cast<void>(app.names()->whereis("a")); },
      [](application& app) { static_cast<void>(app.tree()); },
      [](application& app) { app.stop(); },
    };
    for (const auto& use : uses) {
      auto of = std::make_shared<tally>();
      auto app = std::make_shared<std::unique_ptr<application>>(std::make_unique<application>(
        application_spec{.id = "app", .children = {child("a", of)}, .stop_within = no_deadline}));
      living_thread thread{[&] { use(**app); }};
      CHECK(ends([app] { app->reset(); }));
    }
  }

  TEST_CASE("one thread may construct an application and another thread may destroy it") {
    auto of = std::make_shared<tally>();
    auto app = std::make_shared<std::unique_ptr<application>>();
    living_thread maker{[&] {
      *app = std::make_unique<application>(
        application_spec{.id = "app", .children = {child("a", of)}, .stop_within = no_deadline});
    }};
    CHECK(ends([app] { app->reset(); }));
    CHECK(of->ended.value() == 1);
  }

  TEST_CASE("run ends while a thread that has made calls still lives") {
    struct program {
      std::optional<living_thread> caller;
      std::atomic<bool> answered = false;
      std::atomic<int> status = -1;
    };
    auto of = std::make_shared<tally>();
    auto shared = std::make_shared<program>();
    const auto call_and_live = [shared](application& app) {
      shared->caller.emplace([shared = shared.get(), &app] {
        shared->answered
          = call<process_status>(app.system(), app.find("a"), 10s, get_status{}).has_value();
        static_cast<void>(call<void>(app.system(), app.find("x"), 1s, die{}));
      });
      raise(SIGTERM);
    };
    REQUIRE(ends([shared, of, call_and_live] {
      shared->status = run({.id = "app", .children = {child("a", of)}, .stop_within = no_deadline},
                           call_and_live);
    }));
    CHECK(shared->answered);
    CHECK(shared->status == EXIT_SUCCESS);
    CHECK(of->ended.value() == 1);
    shared->caller.reset();
  }

  TEST_CASE("the program's actor system ends while threads that have used it still live") {
    struct program {
      caf::actor_system_config config;
      std::unique_ptr<caf::actor_system> system;
      std::unique_ptr<application> app;
      std::atomic<bool> answered = false;
      std::atomic<bool> stopped = false;
    };
    init_message_types();
    auto of = std::make_shared<tally>();
    auto shared = std::make_shared<program>();
    {
      const system_visit visit;
      shared->system = std::make_unique<caf::actor_system>(shared->config);
    }
    living_thread maker{[shared, of] {
      shared->app = std::make_unique<application>(
        *shared->system,
        application_spec{.id = "app", .children = {child("a", of)}, .stop_within = no_deadline});
    }};
    living_thread caller{[shared] {
      shared->answered
        = call<process_status>(*shared->system, shared->app->find("a"), 10s, get_status{})
            .has_value();
      static_cast<void>(stop(*shared->system, shared->app->find("a")));
      static_cast<void>(shared->app->tree());
    }};
    living_thread stopper{[shared] { shared->stopped = static_cast<bool>(shared->app->stop()); }};
    CHECK(ends([shared] {
      shared->app.reset();
      shared->system.reset();
    }));
    CHECK(shared->answered);
    CHECK(shared->stopped);
  }

  TEST_CASE("an application's destructor returns even if a living thread keeps CAF's reference to "
            "the actor system") {
    auto app = std::make_shared<std::unique_ptr<application>>(
      std::make_unique<application>(application_spec{.id = "app", .stop_within = 100ms}));
    living_thread thread{[&] { caf::scoped_actor self{(*app)->system()}; }};
    CHECK(ends([app] { app->reset(); }));
  }

  TEST_CASE("join_threads runs once, between the end of the tree and the end of the system") {
    auto of = std::make_shared<tally>();
    std::size_t ended = 0;
    std::optional<exit_reason> nobody;
    application* started = nullptr;
    int times = 0;
    application app{{.id = "app", .children = {child("a", of)}, .join_threads = [&] {
                       ++times;
                       ended = of->ended.value();
                       nobody
                         = call<void>(started->system(), started->find("a"), 1s, die{}).error();
                     }}};
    started = &app;
    CHECK(app.stop());
    CHECK(app.stop());
    CHECK(times == 1);
    CHECK(ended == 1);
    CHECK(nobody == exit_reason::noproc());
  }

  TEST_CASE("join_threads makes run wait for a thread that still makes calls") {
    auto of = std::make_shared<tally>();
    counter asked_to_end;
    std::thread caller;
    const auto work = [&](application& app) {
      while (!asked_to_end.wait_for(1, 0s))
        static_cast<void>(call<void>(app.system(), app.find("nobody"), 1s, die{}));
    };
    CHECK(run({.id = "app",
               .children = {child("a", of)},
               .join_threads =
                 [&] {
                   asked_to_end.raise();
                   caller.join();
                 }},
              [&](application& app) {
                caller = std::thread{[&] { work(app); }};
                raise(SIGTERM);
              })
          == EXIT_SUCCESS);
  }

  TEST_CASE("a stop reports at the deadline that join_threads hangs") {
    auto released = std::make_shared<counter>();
    application app{
      {.id = "app", .stop_within = 100ms, .join_threads = [released] { released->wait_for(1); }}};
    CHECK(app.stop().left == std::vector<std::string>{"join_threads"});
    released->raise();
  }

  TEST_CASE("run fails if join_threads throws") {
    CHECK(run({.id = "app", .join_threads = [] { throw std::runtime_error{"no thread"}; }},
              [](application&) { raise(SIGTERM); })
          == EXIT_FAILURE);
  }

  TEST_CASE("join_threads is not called if the start failed") {
    bool called = false;
    CHECK(run({.id = "app",
               .children = {{.id = "b", .start = start<stillborn>()}},
               .join_threads = [&] { called = true; }})
          == EXIT_FAILURE);
    CHECK_FALSE(called);
  }
}

TEST_SUITE("run: background work") {
  TEST_CASE("run waits for background work") {
    counter done;
    std::thread worker;
    CHECK(run({.id = "app"},
              [&](application& app) {
                auto work = std::make_shared<background_work>("a leave");
                app.when_ended([&, work]() mutable {
                  worker = std::thread{[&done, work = std::move(work)]() mutable {
                    done.raise();
                    work.reset();
                  }};
                });
                raise(SIGTERM);
              })
          == EXIT_SUCCESS);
    CHECK(done.value() == 1);
    worker.join();
  }

  TEST_CASE("run cuts dispensable background work short and still succeeds") {
    interruptible_worker worker;
    CHECK(run({.id = "app", .stop_within = 5s},
              [&](application&) {
                worker.begin(
                  std::make_shared<background_work>("a question", background::dispensable));
                raise(SIGTERM);
              })
          == EXIT_SUCCESS);
    CHECK(worker.was_cut_short());
  }

  TEST_CASE("run succeeds even if dispensable background work never ends") {
    std::thread worker;
    counter over;
    CHECK(run({.id = "app", .stop_within = 300ms},
              [&](application&) {
                auto work
                  = std::make_shared<background_work>("a question", background::dispensable);
                worker = std::thread{[&over, work]() mutable {
                  over.wait_for(1);
                  work.reset();
                }};
                raise(SIGTERM);
              })
          == EXIT_SUCCESS);
    over.raise();
    worker.join();
  }

  TEST_CASE("run cuts owed background work short if the work does not end in time, and fails") {
    interruptible_worker worker;
    CHECK(run({.id = "app", .stop_within = 500ms},
              [&](application&) {
                worker.begin(std::make_shared<background_work>("a leave"));
                raise(SIGTERM);
              })
          == EXIT_FAILURE);
    CHECK(worker.was_cut_short());
  }
}
