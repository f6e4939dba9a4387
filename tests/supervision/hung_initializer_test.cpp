#include <ottla/actors/call.hpp>
#include <ottla/supervision/application.hpp>
#include <ottla/supervision/dynamic_supervisor_spec.hpp>
#include <ottla/supervision/process_manager.hpp>

#include "support/counter.hpp"
#include "support/latched.hpp"
#include "support/print.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

/// An application whose initializer hangs in its first call, until `released` is raised.
struct hanging {
  explicit hanging(std::chrono::nanoseconds timeout = std::chrono::nanoseconds::max())
    : app{{.id = "app",
           .children = {dynamic_supervisor_spec{.id = "pool", .name = "pool"},
                        process_manager_spec{.id = "manager",
                                             .supervisor = "pool",
                                             .initializer =
                                               [calls = calls, released = released, of = of] {
                                                 calls->raise();
                                                 if (calls->value() == 1)
                                                   released->wait_for(1, 1h);
                                                 return std::vector{test::child("a", of)};
                                               },
                                             .retry_after = 1ms,
                                             .initializer_timeout = timeout,
                                             .name = "manager"}},
           .observer = [](const process_event&) {},
           .stop_within = 500ms}} {}

  ~hanging() {
    released->raise();
    app.stop(); // waits for the initializer
  }

  std::shared_ptr<counter> calls = std::make_shared<counter>();
  std::shared_ptr<counter> released = std::make_shared<counter>();
  std::shared_ptr<tally> of = std::make_shared<tally>();
  application app;
};

} // namespace

TEST_SUITE("process_manager: an initializer that hangs") {
  TEST_CASE("the manager serves requests, and a stop reports the initializer and does not wait") {
    hanging on;
    REQUIRE(on.calls->wait_for(1));
    const auto added = call<child_result>(on.app.system(), on.app.find("manager"), patience(),
                                          start_child{test::child("b", on.of)});
    REQUIRE(added);
    CHECK(*added);
    CHECK(on.of->started.value() == 1);
    const auto report = on.app.stop();
    CHECK(report.left == std::vector<std::string>{"app/manager/initializer"});
    CHECK(on.of->ended.value() == 1);
  }

  TEST_CASE("a call above initializer_timeout counts as failed, and the next call runs") {
    hanging on{1ms};
    REQUIRE(on.of->started.wait_for(1));
    CHECK(on.calls->value() == 2);
  }

  TEST_CASE("a killed manager whose initializer hangs is replaced, and its children keep running") {
    hanging on;
    REQUIRE(on.calls->wait_for(1));
    const auto added = call<child_result>(on.app.system(), on.app.find("manager"), patience(),
                                          start_child{test::child("b", on.of)});
    REQUIRE(added);
    kill(on.app.find("manager").resolve());
    REQUIRE(on.calls->wait_for(2));
    CHECK(call<void>(on.app.system(), on.app.find("manager"), patience(), await_ready{}));
    CHECK(on.of->started.value() == 2);
    CHECK(on.of->ended.value() == 0);
  }
}
