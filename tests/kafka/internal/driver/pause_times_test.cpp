#include <ottla/kafka/internal/driver/pause_times.hpp>

#include <doctest/doctest.h>

using ottla::kafka::pause_times;
using namespace std::chrono_literals;

namespace {

constexpr pause_times::clock::time_point start{1h};

} // namespace

TEST_SUITE("pause_times") {
  TEST_CASE("partitions are resumed when a pause has lasted its time") {
    pause_times times{100ms, 25};
    times.paused(start, start + 2ms);
    CHECK(times.resume_at() == start + 102ms);
  }

  TEST_CASE("a pause of further partitions does not prolong the first one") {
    pause_times times{100ms, 25};
    times.paused(start, start);
    times.paused(start + 60ms, start + 60ms);
    CHECK(times.resume_at() == start + 100ms);
  }

  TEST_CASE("once all partitions are resumed, the next pause lasts its time again") {
    pause_times times{100ms, 25};
    times.paused(start, start);
    times.all_resumed();
    times.paused(start + 60ms, start + 60ms);
    CHECK(times.resume_at() == start + 160ms);
  }

  TEST_CASE("calls that pause take at most 4 % of the time") {
    pause_times times{100ms, 25};
    CHECK(times.may_pause(start));
    times.paused(start, start + 2ms);
    CHECK_FALSE(times.may_pause(start + 51ms));
    CHECK(times.may_pause(start + 52ms));
  }

  TEST_CASE("a long call is followed by a wait, also when all partitions are resumed at once") {
    pause_times times{100ms, 25};
    times.paused(start, start + 10ms);
    times.all_resumed();
    CHECK_FALSE(times.may_pause(start + 259ms));
    CHECK(times.may_pause(start + 260ms));
  }
}
