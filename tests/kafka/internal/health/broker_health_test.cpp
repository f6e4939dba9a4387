#include <ottla/kafka/internal/health/broker_health.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace ottla::kafka;
using namespace std::chrono_literals;

namespace {

using action = broker_health::action;

struct watched_brokers {
  broker_health health;
  broker_health::time_point now{1h};

  action check(std::optional<std::chrono::milliseconds> silent_for,
               std::vector<std::string> failing = {}) {
    return health.check({silent_for, std::move(failing)}, now);
  }
  void answer() { health.answered(std::nullopt, now); }
  void fail() { health.answered(error{.code = errc::unreachable, .text = "nobody"}, now); }
  std::string complaint() const {
    const auto why = health.complaint();
    return why ? to_string(*why) : "";
  }
};

} // namespace

TEST_SUITE("broker_health") {
  TEST_CASE_FIXTURE(watched_brokers, "brokers are not asked while a handle hears from them") {
    for (int i = 0; i < 10; ++i, now += 500ms)
      CHECK(check(500ms) == action::none);
    CHECK(complaint() == "");
    CHECK(health.heard_at() == now - 1s);
  }

  TEST_CASE_FIXTURE(watched_brokers, "brokers that no handle has heard from are asked at once") {
    CHECK(check(std::nullopt) == action::ask);
    CHECK(complaint() == "");
    answer();
    CHECK(complaint() == "");
    CHECK(health.heard_at() == now);
  }

  TEST_CASE_FIXTURE(watched_brokers,
                    "silent brokers are asked once a second, with one question pending at a time") {
    CHECK(check(10s) == action::ask);
    now += 2s;
    CHECK(check(12s) == action::none);
    answer();
    CHECK(check(12s) == action::ask);
    answer();
    now += 500ms;
    CHECK(check(12500ms) == action::none);
    now += 500ms;
    CHECK(check(13s) == action::ask);
  }

  TEST_CASE_FIXTURE(watched_brokers,
                    "the complaint has the error of a failed question until a broker answers") {
    check(10s);
    fail();
    CHECK(complaint() == "unreachable: nobody");
    now += 1s;
    CHECK(check(11s) == action::ask);
    CHECK(complaint() == "unreachable: nobody");
    answer();
    CHECK(complaint() == "");
    now += 1s;
    check(12s);
    fail();
    CHECK(complaint() == "unreachable: nobody");
    check(0ms);
    CHECK(complaint() == "");
  }

  TEST_CASE_FIXTURE(watched_brokers,
                    "the complaint names unreachable brokers even if other brokers answer") {
    check(0ms, {"no connection to a:1", "no answer from broker 2 (b:2)"});
    CHECK(complaint() == "unreachable: no connection to a:1; no answer from broker 2 (b:2)");
    check(0ms);
    CHECK(complaint() == "");
  }

  TEST_CASE_FIXTURE(watched_brokers,
                    "check returns stop_asking half a minute after the last question") {
    check(10s);
    answer();
    for (int i = 0; i < 59; ++i, now += 500ms)
      CHECK(check(0ms) == action::none);
    now += 500ms;
    CHECK(check(0ms) == action::stop_asking);
    CHECK(check(0ms) == action::none);
  }
}
