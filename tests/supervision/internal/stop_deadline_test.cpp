#include <ottla/supervision/internal/stop_deadline.hpp>

#include <doctest/doctest.h>

#include <optional>
#include <vector>

using ottla::stop_deadline;
using namespace std::chrono_literals;

TEST_SUITE("stop_deadline") {
  TEST_CASE("before a stop, a stop_deadline limits no process") {
    const stop_deadline stop;
    CHECK_FALSE(stop.has_begun());
    CHECK(stop.left(5s) == stop_deadline::none);
    CHECK(stop.share(5s) == stop_deadline::none);
  }

  TEST_CASE("the time left of a stop decreases to zero and is never negative") {
    stop_deadline stop;
    stop.begin(5s, 10s);
    CHECK(stop.has_begun());
    CHECK(stop.left(5s) == 10s);
    CHECK(stop.left(14s) == 1s);
    CHECK(stop.left(16s) == 0s);
    CHECK(stop.share(16s) == 0s);
  }

  TEST_CASE("a process may take all of the time left if there is no other claim") {
    stop_deadline stop;
    stop.begin(0s, 10s);
    CHECK(stop.share(1s) == 9s);
    const stop_deadline::claim own{stop};
    CHECK(stop.share(1s) == 9s);
  }

  TEST_CASE("each other claim reserves a twentieth of the stop, at most half a second") {
    struct {
      std::chrono::nanoseconds within;
      std::chrono::nanoseconds share_of_two;
      std::chrono::nanoseconds share_of_three;
    } const table[]{{1s, 950ms, 900ms},
                    {2s, 1'900ms, 1'800ms},
                    {6s, 5'700ms, 5'400ms},
                    {10s, 9'500ms, 9s},
                    {60s, 59'500ms, 59s}};
    for (const auto& row : table) {
      stop_deadline stop;
      stop.begin(0s, row.within);
      const stop_deadline::claim own{stop};
      const stop_deadline::claim second{stop};
      CHECK(stop.share(0s) == row.share_of_two);
      const stop_deadline::claim third{stop};
      CHECK(stop.share(0s) == row.share_of_three);
    }
  }

  TEST_CASE("a released claim gives its reserve to the remaining processes") {
    stop_deadline stop;
    stop.begin(0s, 10s);
    std::optional<stop_deadline::claim> first{std::in_place, stop};
    const stop_deadline::claim second{stop};
    CHECK(stop.share(1s) == 8'500ms);
    first.reset();
    CHECK(stop.share(1s) == 9s);
  }

  TEST_CASE("with many claims or little time, each other claim reserves a quarter of the share") {
    stop_deadline stop;
    stop.begin(0s, 10s);
    const stop_deadline::claim own{stop};
    const stop_deadline::claim second{stop};
    CHECK(stop.share(9'500ms) == 400ms);
    std::vector<stop_deadline::claim> others;
    for (int i = 0; i < 45; ++i)
      others.emplace_back(stop);
    CHECK(stop.share(0s) == 800ms);
  }

  TEST_CASE("moving a claim does not change the number of claims") {
    stop_deadline stop;
    stop.begin(0s, 10s);
    stop_deadline::claim first{stop};
    stop_deadline::claim second{stop};
    stop_deadline::claim moved{std::move(second)};
    CHECK(stop.share(0s) == 9'500ms);
    first = stop_deadline::claim{};
    CHECK(stop.share(0s) == 10s);
  }

  TEST_CASE("an unlimited stop ends after a year, and a stop with a negative limit ends at once") {
    stop_deadline stop;
    stop.begin(5s, std::chrono::nanoseconds::max());
    CHECK(stop.left(5s) == std::chrono::hours{24 * 365});
    stop.begin(5s, -1s);
    CHECK(stop.left(5s) == 0s);
  }
}
