#include <ottla/kafka/internal/group/rejoin_backoff.hpp>

#include "support/print.hpp"

#include <doctest/doctest.h>

using namespace ottla::kafka;
using namespace std::chrono_literals;

namespace {

/// A member whose handles end one after the other. Only these functions advance `now`.
struct member_on_trial {
  rejoin_backoff backoff{10s, 7};
  std::chrono::nanoseconds now = 1h;

  /// The pause after a handle that delivered messages until an offset was out of range.
  std::chrono::nanoseconds loses_an_offset(std::chrono::nanoseconds lasted = 1s) {
    backoff.opened(now);
    backoff.delivered();
    now += lasted;
    const auto pause = backoff.ended(rejoin_cause::out_of_range, now);
    now += pause;
    return pause;
  }

  /// The pause after a handle that ends with this `why`.
  std::chrono::nanoseconds ends(rejoin_cause why, std::chrono::nanoseconds lasted = 1s,
                                bool commits = false) {
    backoff.opened(now);
    if (commits)
      backoff.committed();
    now += lasted;
    const auto pause = backoff.ended(why, now);
    now += pause;
    return pause;
  }
};

/// True if `pause` is 80 to 100 percent of `full`.
bool is_about(std::chrono::nanoseconds pause, std::chrono::nanoseconds full) {
  return pause <= full && pause >= full * 4 / 5;
}

} // namespace

TEST_SUITE("rejoin_backoff") {
  TEST_CASE_FIXTURE(member_on_trial, "the first failed handle is replaced at once, and the pause "
                                     "before later replacements doubles up to 30 s") {
    CHECK(ends(rejoin_cause::failed) == 0ns);
    for (const auto full :
         {500ms, 1'000ms, 2'000ms, 4'000ms, 8'000ms, 16'000ms, 30'000ms, 30'000ms})
      CHECK(is_about(ends(rejoin_cause::failed), full));
    CHECK(backoff.failures_in_a_row() == 9);
  }

  TEST_CASE_FIXTURE(member_on_trial, "stuck handles and failed handles share one failure count") {
    CHECK(ends(rejoin_cause::stuck) == 0ns);
    CHECK(is_about(ends(rejoin_cause::failed), 500ms));
    CHECK(is_about(ends(rejoin_cause::stuck), 1s));
  }

  TEST_CASE_FIXTURE(
    member_on_trial,
    "only a handle that has committed and has lasted for ten seconds resets the failure count") {
    ends(rejoin_cause::failed);
    ends(rejoin_cause::failed);
    SUBCASE("the handle lasted an hour without a commit") {
      CHECK(is_about(ends(rejoin_cause::failed, 1h), 1s));
    }
    SUBCASE("the handle committed and failed after nine seconds") {
      CHECK(is_about(ends(rejoin_cause::failed, 9s, true), 1s));
    }
    SUBCASE("the handle committed and failed after ten seconds") {
      CHECK(ends(rejoin_cause::failed, 10s, true) == 0ns);
      CHECK(is_about(ends(rejoin_cause::failed), 500ms));
    }
  }

  TEST_CASE_FIXTURE(member_on_trial, "a handle without messages is proven after ten idle seconds") {
    ends(rejoin_cause::failed);
    ends(rejoin_cause::failed);
    backoff.opened(now);
    CHECK_FALSE(backoff.is_proven());
    SUBCASE("the handle is idle at each check") {
      backoff.checked(true, now);
      backoff.checked(true, now += 9s);
      CHECK_FALSE(backoff.is_proven());
      backoff.checked(true, now += 1s);
      CHECK(backoff.is_proven());
      CHECK(backoff.ended(rejoin_cause::failed, now) == 0ns);
    }
    SUBCASE("the handle is not idle at one check") {
      backoff.checked(true, now);
      backoff.checked(false, now += 9s);
      backoff.checked(true, now += 1s);
      backoff.checked(true, now += 9s);
      CHECK_FALSE(backoff.is_proven());
      CHECK(is_about(backoff.ended(rejoin_cause::failed, now), 1s));
    }
    SUBCASE("the previous handle was idle") {
      backoff.checked(true, now);
      backoff.ended(rejoin_cause::failed, now += 9s);
      backoff.opened(now);
      backoff.checked(true, now += 1s);
      CHECK_FALSE(backoff.is_proven());
    }
  }

  TEST_CASE_FIXTURE(member_on_trial, "a handle that could not be opened counts as a failure") {
    CHECK(backoff.ended(rejoin_cause::failed, now) == 0ns);
    CHECK(is_about(backoff.ended(rejoin_cause::failed, now), 500ms));
  }

  TEST_CASE_FIXTURE(
    member_on_trial,
    "pauses after offsets out of range stay at half a second if each handle delivered a message") {
    CHECK(loses_an_offset() == 0ns);
    for (int time = 0; time < 10; ++time)
      CHECK(loses_an_offset() == 500ms);
    CHECK(loses_an_offset(10s) == 0ns);
    CHECK(backoff.failures_in_a_row() == 0);
    CHECK(ends(rejoin_cause::failed) == 0ns);
  }

  TEST_CASE_FIXTURE(member_on_trial,
                    "pauses after offsets out of range grow while no handle delivers a message") {
    CHECK(ends(rejoin_cause::out_of_range) == 0ns);
    for (const auto full : {500ms, 1'000ms, 2'000ms, 4'000ms})
      CHECK(is_about(ends(rejoin_cause::out_of_range), full));
    SUBCASE("a committed first offset does not reset the pause") {
      CHECK(is_about(ends(rejoin_cause::out_of_range, 1s, true), 8s));
    }
    SUBCASE("a delivered message resets the pause") {
      CHECK(loses_an_offset() == 500ms);
      CHECK(ends(rejoin_cause::out_of_range) == 500ms);
      CHECK(is_about(ends(rejoin_cause::out_of_range), 500ms));
      CHECK(is_about(ends(rejoin_cause::out_of_range), 1s));
    }
  }

  TEST_CASE_FIXTURE(member_on_trial, "a fenced member waits for longer than a session, then twice "
                                     "as long each time, up to an hour") {
    std::chrono::nanoseconds full = 20s;
    for (int time = 0; time < 12; ++time, full = std::min<std::chrono::nanoseconds>(2 * full, 1h)) {
      const auto pause = ends(rejoin_cause::fenced, 3s, true);
      CHECK(is_about(pause, full));
      CHECK(pause > 10s);
    }
  }

  TEST_CASE_FIXTURE(
    member_on_trial,
    "a handle that has committed and has lasted for twice the fencing pause resets that pause") {
    ends(rejoin_cause::fenced);
    ends(rejoin_cause::fenced);
    SUBCASE("the handle committed and lasted twice the pause") {
      CHECK(is_about(ends(rejoin_cause::fenced, 80s, true), 20s));
    }
    SUBCASE("the handle committed and lasted less than twice the pause") {
      CHECK(is_about(ends(rejoin_cause::fenced, 60s, true), 80s));
    }
    SUBCASE("the handle lasted twice the pause without a commit") {
      CHECK(is_about(ends(rejoin_cause::fenced, 80s), 80s));
    }
  }

  TEST_CASE_FIXTURE(member_on_trial, "fenced handles and failed handles have separate back-offs") {
    ends(rejoin_cause::fenced);
    CHECK(ends(rejoin_cause::failed) == 0ns);
    CHECK(is_about(ends(rejoin_cause::fenced), 40s));
  }

  TEST_CASE("the jitter of a pause is the same for the same seed and differs for another seed") {
    rejoin_backoff one{10s, 1};
    rejoin_backoff again{10s, 1};
    rejoin_backoff other{10s, 2};
    const auto pause = one.ended(rejoin_cause::fenced, 1s);
    CHECK(again.ended(rejoin_cause::fenced, 1s) == pause);
    CHECK(other.ended(rejoin_cause::fenced, 1s) != pause);
  }

  TEST_CASE("the longest possible session timeout gives a fencing pause of at most an hour") {
    rejoin_backoff longest{std::chrono::nanoseconds::max(), 1};
    const auto pause = longest.ended(rejoin_cause::fenced, 1s);
    CHECK(pause > 0ns);
    CHECK(pause <= 1h);
  }
}
