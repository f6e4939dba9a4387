#include <ottla/actors/call.hpp>
#include <ottla/actors/server.hpp>
#include <ottla/actors/virtual_time.hpp>
#include <ottla/supervision/application.hpp>

#include "support/latched.hpp"
#include "support/print.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

/// Takes ten minutes of virtual time to start.
class late_starter : public process {
public:
  late_starter(caf::actor_config& config, process_context context)
    : process{config, std::move(context)} {}

private:
  caf::behavior set_up() override {
    defer_start();
    cast_after(this, 10min, die{});
    return {[this](die) { start_done(); }};
  }
};

/// Never reports its start as complete.
class never_starts : public process {
public:
  never_starts(caf::actor_config& config, process_context context)
    : process{config, std::move(context)} {}

private:
  caf::behavior set_up() override {
    defer_start();
    return {[](die) {}};
  }
};

/// Ends by itself after an hour.
class mayfly : public process {
public:
  mayfly(caf::actor_config& config, process_context context)
    : process{config, std::move(context)} {}

private:
  caf::behavior set_up() override {
    cast_after(this, 1h, die{});
    return {[this](die) { stop(exit_reason::normal()); }};
  }
};

/// Ignores shutdown requests.
class stays : public process {
public:
  stays(caf::actor_config& config, process_context context) : process{config, std::move(context)} {}

private:
  caf::behavior set_up() override {
    return {[](die) {}};
  }
  void shutdown(const exit_reason&) override {}
};

class answers : public server {
public:
  using server::server;

private:
  init_result init(handlers& on) override {
    on.call([](die) { return 42; });
    return {};
  }
};

} // namespace

TEST_SUITE("application: in virtual time") {
  TEST_CASE(
    "in virtual time, an application starts, answers calls and stops on the calling thread") {
    virtual_time time;
    auto of = std::make_shared<tally>();
    application app{
      time.system(),
      {.id = "app",
       .children = {child("a", of), {.id = "b", .start = start<answers>(), .name = "b"}}}};
    CHECK(of->started.value() == 1);
    const auto answer = call<int>(app.system(), app.find("b"), 1s, die{});
    REQUIRE(answer);
    CHECK(*answer == 42);
    REQUIRE(app.tree());
    CHECK(draw(*app.tree()) == "app  up\n├─ a  up\n└─ b  up\n");
    CHECK(app.stop());
    CHECK(of->ended.value() == 1);
  }

  TEST_CASE("a start that takes virtual time advances the clock") {
    virtual_time time;
    const auto before = time.now();
    application app{time.system(),
                    {.id = "app", .children = {{.id = "a", .start = start<late_starter>()}}}};
    CHECK(time.now() - before == 10min);
  }

  TEST_CASE("in virtual time, a start that can never complete throws with the reason") {
    virtual_time time;
    CHECK_THROWS_WITH_AS(
      application(time.system(),
                  {.id = "app", .children = {{.id = "a", .start = start<never_starts>()}}}),
      doctest::Contains("no message or timer is left to wake it"), std::runtime_error);
  }

  TEST_CASE("in virtual time, an unanswered call fails at its deadline, and also fails without a "
            "deadline") {
    virtual_time time;
    auto of = std::make_shared<tally>();
    application app{time.system(), {.id = "app", .children = {child("a", of)}}};
    time.hang(app.names()->whereis("a"));
    const auto before = time.now();
    CHECK(call<int>(app.system(), app.find("a"), 5s, die{}).error() == exit_reason::timeout());
    CHECK(time.now() - before == 5s);
    CHECK_FALSE(call<int>(app.system(), app.find("a"), infinity, die{}));
    time.wake(app.names()->whereis("a"));
  }

  TEST_CASE("in virtual time, a tree can end by itself while the test advances time") {
    virtual_time time;
    application app{time.system(),
                    {.id = "app",
                     .when_done = auto_shutdown::any_significant,
                     .children = {{.id = "a",
                                   .start = start<mayfly>(),
                                   .restart = restart_policy::temporary,
                                   .significant = true}}}};
    bool told = false;
    app.when_ended([&] { told = true; });
    time.advance(59min);
    CHECK_FALSE(app.ended());
    time.advance(1min);
    CHECK(app.ended() == exit_reason::shutdown());
    CHECK(told);
  }

  TEST_CASE("the deadline of a stop follows virtual time") {
    virtual_time time;
    application app{
      time.system(),
      {.id = "app",
       .children = {{.id = "a", .start = start<stays>(), .shutdown = shutdown_policy::infinity()}},
       .stop_within = 1h}};
    const auto before = time.now();
    const auto& report = app.stop();
    CHECK_FALSE(report.killed.empty());
    CHECK(report.left.empty());
    CHECK(time.now() - before == 1h - 500ms);
  }
}
