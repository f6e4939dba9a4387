#include <ottla/kafka/internal/producer/timer_plan.hpp>

#include <doctest/doctest.h>

#include <optional>
#include <set>

using namespace ottla::kafka;
using namespace std::chrono_literals;

namespace {

constexpr timer_plan::time begin{1h};

} // namespace

TEST_SUITE("timer_plan") {
  TEST_CASE("without a deadline there is no timer") {
    timer_plan timers;
    CHECK_FALSE(timers.plan(begin, timer_plan::time::max()).has_value());
  }

  TEST_CASE("a deadline gets one timer, and a later deadline none") {
    timer_plan timers;
    CHECK(timers.plan(begin, begin + 2s) == begin + 2s);
    CHECK_FALSE(timers.plan(begin, begin + 2s).has_value());
    CHECK_FALSE(timers.plan(begin, begin + 3s).has_value());
    timers.fired(begin + 2s);
    CHECK(timers.plan(begin + 2s, begin + 3s) == begin + 3s);
  }

  TEST_CASE(
    "an earlier deadline gets a timer, and the later deadline gets no second timer after it") {
    timer_plan timers;
    timers.plan(begin, begin + 5s);
    CHECK(timers.plan(begin, begin + 1s) == begin + 1s);
    timers.fired(begin + 1s);
    CHECK_FALSE(timers.plan(begin + 1s, begin + 5s).has_value());
    CHECK(timers.pending() == 1);
  }

  TEST_CASE("short calls beside a long call leave few timers") {
    timer_plan timers;
    std::set<timer_plan::time> started;
    auto now = begin;
    for (int call = 0; call < 10'000; ++call, now += 100ms) {
      while (!started.empty() && *started.begin() <= now)
        timers.fired(started.extract(started.begin()).value());
      for (const auto deadline : {begin + 1h, now + 1s})
        if (const auto at = timers.plan(now, deadline))
          started.insert(*at);
      CHECK(timers.pending() <= 2);
    }
  }

  TEST_CASE("deadlines that come one shortly before the other share timers") {
    timer_plan timers;
    for (auto next = begin + 9s; next > begin + 10ms; next -= 10us)
      timers.plan(begin, next);
    CHECK(timers.pending() <= 901);
  }

  TEST_CASE("a timer lasts at most 10 s, and one in the past fires at once") {
    timer_plan timers;
    CHECK(timers.plan(begin, begin + 1h) == begin + 10s);
    CHECK(timers.plan(begin, begin - 1h) == begin);
    CHECK(timer_plan{}.plan(begin, timer_plan::time::min()) == begin);
  }

  TEST_CASE("an exact deadline follows the timer that fires shortly before it") {
    timer_plan timers;
    CHECK(timers.plan(begin, begin + 1005ms) == begin + 1000ms);
    timers.fired(begin + 1s);
    CHECK(timers.plan(begin + 1s, begin + 1005ms) == begin + 1005ms);
  }
}
