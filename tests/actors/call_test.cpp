// Calls from threads outside of actors. Calls by actors are in server_test.cpp.

#include <ottla/actors/call.hpp>
#include <ottla/actors/server.hpp>
#include <ottla/actors/stop.hpp>
#include <ottla/supervision/application.hpp>

#include "support/print.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

namespace ottla::test {

struct twice {
  int number = 0;
};
struct ping {};
struct never {};
struct heard {};

} // namespace ottla::test

OTTLA_MESSAGES(ottla_test_call, ottla::first_user_type_id + 60, ottla::test::twice,
               ottla::test::ping, ottla::test::never, ottla::test::heard)

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

class doubler : public server {
public:
  using server::server;

private:
  init_result init(handlers& on) override {
    on.call([](twice what) {
      if (what.number < 0)
        throw std::out_of_range{"below zero"};
      return 2 * what.number;
    });
    on.call([](ping, caller<void> from) { from.reply(); });
    on.call([this](never, caller<int> from) { forgotten_.push_back(std::move(from)); });
    on.cast([this](heard) { ++heard_; });
    return {};
  }

  std::vector<caller<int>> forgotten_;
  int heard_ = 0;
};

struct with_doubler {
  application app{{.id = "app",
                   .children = {{.id = "doubler",
                                 .start = start<doubler>(),
                                 .restart = restart_policy::temporary,
                                 .name = "doubler"}}}};
  process_ref target = app.find("doubler");
};

} // namespace

TEST_SUITE("call") {
  TEST_CASE_FIXTURE(with_doubler, "a blocking call returns the answer") {
    const auto answer = call<int>(app.system(), target, infinity, twice{21});
    REQUIRE(answer.has_value());
    CHECK(*answer == 42);
    CHECK(call<void>(app.system(), target, 10s, ping{}).has_value());
  }

  TEST_CASE_FIXTURE(with_doubler, "a blocking call that gets no answer returns the exit reason") {
    CHECK(call<int>(app.system(), target, 1ms, never{}).error() == exit_reason::timeout());
    CHECK(call<int>(app.system(), app.find("nobody"), 10s, twice{1}).error()
          == exit_reason::noproc());
    const auto handle = target.resolve();
    CHECK(call<int>(app.system(), target, 10s, twice{-1}).error()
          == exit_reason::crashed("below zero"));
    CHECK(call<int>(app.system(), handle, 10s, twice{1}).error() == exit_reason::noproc());
  }

  TEST_CASE_FIXTURE(with_doubler, "post returns false if no process holds the name") {
    CHECK(post(target, heard{}));
    CHECK_FALSE(post(app.find("nobody"), heard{}));
  }

  TEST_CASE_FIXTURE(with_doubler,
                    "post to the handle of a dead process drops the message and returns true") {
    const process_ref handle = target.resolve();
    CHECK(stop(app.system(), target).has_value());
    CHECK(post(handle, heard{}));
    CHECK(stop(app.system(), handle).error() == exit_reason::noproc());
  }

  TEST_CASE_FIXTURE(with_doubler, "a blocking stop returns after the process has ended") {
    const auto handle = target.resolve();
    CHECK(stop(app.system(), target, exit_reason::shutdown("enough"), 10s).has_value());
    CHECK_FALSE(is_alive(handle));
    CHECK_FALSE(target.resolve());
  }
}
