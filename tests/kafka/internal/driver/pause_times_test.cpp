#include <ottla/kafka/internal/driver/pause_times.hpp>

#include <doctest/doctest.h>

using ottla::kafka::pause_times;
using namespace std::chrono_literals;

namespace {

constexpr pause_times::clock::time_point start{1h};

} // namespace

TEST_SUITE("pause_times") {
  TEST_CASE("partitions are resumed at the end of the pause time") {
    pause_times times{100ms, 25};
    times.paused(start, start + 2ms);
    CHECK(times.resume_at() == start + 102ms);
  }

  TEST_CASE("pausing further partitions does not extend the first pause") {
    pause_times times{100ms, 25};
    times.paused(start, start);
    times.paused(start + 60ms, start + 60ms);
    CHECK(times.resume_at() == start + 100ms);
  }

  TEST_CASE("the pause time starts again after all partitions were resumed") {
    pause_times times{100ms, 25};
    times.paused(start, start);
    times.all_resumed();
    times.paused(start + 60ms, start + 60ms);
    CHECK(times.resume_at() == start + 160ms);
  }

  TEST_CASE("pause calls take at most 4 % of the time") {
    pause_times times{100ms, 25};
    CHECK(times.may_pause(start));
    times.paused(start, start + 2ms);
    CHECK_FALSE(times.may_pause(start + 51ms));
    CHECK(times.may_pause(start + 52ms));
  }

  TEST_CASE("a long pause call delays the next pause call, even if all partitions were resumed") {
    pause_times times{100ms, 25};
    times.paused(start, start + 10ms);
    times.all_resumed();
    CHECK_FALSE(times.may_pause(start + 259ms));
    CHECK(times.may_pause(start + 260ms));
  }
}
