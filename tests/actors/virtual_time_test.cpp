#include <ottla/actors/call.hpp>
#include <ottla/actors/virtual_time.hpp>

#include "support/stage.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

class alarm_clock : public process {
public:
  alarm_clock(caf::actor_config& config, process_context context, std::chrono::seconds every,
              std::vector<caf::actor_clock::time_point>* rung)
    : process{config, std::move(context)}, every_{every}, rung_{rung} {}

private:
  caf::behavior set_up() override {
    cast_after(this, every_, note{});
    return {[this](const note&) {
      rung_->push_back(now());
      cast_after(this, every_, note{});
    }};
  }

  std::chrono::seconds every_;
  std::vector<caf::actor_clock::time_point>* rung_;
};

} // namespace

TEST_SUITE("virtual_time") {
  TEST_CASE("advance fires each timer at its own time, in order") {
    stage on;
    std::vector<caf::actor_clock::time_point> rung;
    const auto began = on.time.now();
    on.start({.id = "a", .start = ottla::start<alarm_clock>(10s, &rung)});
    on.time.advance(9s);
    CHECK(rung.empty());
    on.time.advance(25s);
    REQUIRE(rung.size() == 3);
    CHECK(rung[0] == began + 10s);
    CHECK(rung[2] == began + 30s);
    CHECK(on.time.now() == began + 34s);
  }

  TEST_CASE("a hanging process does nothing and cannot be killed until it wakes") {
    stage on;
    const auto& seen = on.start(on.child("a"));
    on.time.hang(seen.process);
    on.end_abruptly(seen.process);
    CHECK(seen.up());
    on.time.wake(seen.process);
    on.time.run();
    CHECK(seen.ended == exit_reason::killed());
  }

  TEST_CASE("a blocking call that nobody answers leaves the clock if no timer is left") {
    stage on;
    const auto deaf = on.start(on.child("a")).process;
    on.time.hang(deaf);
    const auto began = on.time.now();
    const auto answer = call<int>(on.time.system(), deaf, infinity, note{});
    CHECK_FALSE(answer);
    CHECK(on.time.now() == began);
    on.time.wake(deaf);
  }

  TEST_CASE("a blocking call that nobody answers fails after a day beside periodic timers") {
    stage on;
    std::vector<caf::actor_clock::time_point> rung;
    on.start({.id = "b", .start = ottla::start<alarm_clock>(3600s, &rung)});
    const auto deaf = on.start(on.child("a")).process;
    on.time.hang(deaf);
    const auto began = on.time.now();
    const auto answer = call<int>(on.time.system(), deaf, infinity, note{});
    CHECK_FALSE(answer);
    CHECK(on.time.now() - began <= 24h);
    CHECK(on.time.now() - began >= 23h);
    on.time.wake(deaf);
  }

  TEST_CASE("choose_turns selects the ready actor that takes the next turn") {
    stage on;
    const auto& first = on.start(on.child("a"));
    const auto& second = on.start(on.child("b"));
    on.happened();
    std::vector<std::size_t> ready;
    on.time.choose_turns([&](std::size_t count) {
      ready.push_back(count);
      return count - 1;
    });
    post(first.process, note{"a"});
    post(second.process, note{"b"});
    on.time.run();
    CHECK(on.happened() == "b, a");
    CHECK(ready == std::vector<std::size_t>{2, 1});
    on.time.choose_turns({});
  }
}
