#include <ottla/kafka/internal/health/silence_watch.hpp>

#include "support/print.hpp"

#include <doctest/doctest.h>

using namespace ottla::kafka;
using namespace std::chrono_literals;

namespace {

struct watched : silence_watch {
  std::chrono::nanoseconds now = 1h;

  void ask(std::uint64_t process = 7) { asked("manager", process, now); }

  /// Advances the time and calls checked() every half second.
  void pass(std::chrono::nanoseconds time) {
    for (const auto end = now + time; now < end;) {
      now += 500ms;
      checked();
    }
  }

  bool is_silent() const { return !silent(now).empty(); }
};

} // namespace

TEST_SUITE("silence_watch") {
  TEST_CASE_FIXTURE(watched,
                    "a process that answers is asked again two seconds after each question") {
    CHECK(is_to_ask("manager", 7, now));
    ask();
    CHECK_FALSE(is_to_ask("manager", 7, now + 1h));
    answered("manager", 7);
    CHECK_FALSE(is_to_ask("manager", 7, now + 1s));
    CHECK(is_to_ask("manager", 7, now + 2s));
    pass(1h);
    CHECK_FALSE(is_silent());
  }

  TEST_CASE_FIXTURE(
    watched, "a process is silent from ten seconds after an unanswered question until it answers") {
    ask();
    pass(9'500ms);
    CHECK_FALSE(is_silent());
    pass(500ms);
    REQUIRE(is_silent());
    CHECK(silent(now).front().name == "manager");
    CHECK(silent(now).front().lasts == 10s);
    answered("manager", 7);
    CHECK_FALSE(is_silent());
  }

  TEST_CASE_FIXTURE(watched, "a replacement under the same name is asked at once, and answers of "
                             "its predecessor do not count") {
    ask();
    pass(20s);
    CHECK(is_to_ask("manager", 8, now));
    ask(8);
    CHECK_FALSE(is_silent());
    answered("manager", 7);
    pass(10s);
    CHECK(is_silent());
    gone("manager");
    CHECK_FALSE(is_silent());
  }

  TEST_CASE_FIXTURE(watched, "time without checks does not count as silence") {
    ask();
    now += 1h;
    CHECK_FALSE(is_silent());
    pass(1s);
    CHECK_FALSE(is_silent());
  }
}
