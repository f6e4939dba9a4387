// Requests that a client makes on its own threads. A stop does not wait for these requests.

#include <ottla/actors/background_work.hpp>
#include <ottla/kafka/internal/driver/librdkafka_driver.hpp>

#include "support/counter.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <stop_token>
#include <variant>

using namespace ottla;
using namespace ottla::kafka;
using namespace std::chrono_literals;

namespace {

/// A client whose broker does not answer.
struct unanswered {
  unanswered() { REQUIRE(await_reaped(30s) == 0); }

  std::shared_ptr<driver> kafka = make_librdkafka_driver({.brokers = "127.0.0.1:1"});
  std::shared_ptr<ottla::test::counter> answers = std::make_shared<ottla::test::counter>();
};

} // namespace

TEST_SUITE("background look-ups" * doctest::timeout(120)) {
  TEST_CASE_FIXTURE(
    unanswered,
    "a topic look-up does not delay a stop, and ends as soon as the stop cuts it short") {
    kafka->describe_topics({"t"}, [answers = answers](const auto& found) {
      CHECK(std::holds_alternative<error>(found));
      answers->raise();
    });
    CHECK(names_of_background_work().empty());
    CHECK_FALSE(wait_for_background_work(0s));
    CHECK(wait_for_background_work(0s, background::owed));
    CHECK(cut_background_work_short(background::dispensable).empty());
    CHECK(await_reaped(10s) == 0);
    CHECK(answers->value() == 1);
  }

  TEST_CASE_FIXTURE(
    unanswered,
    "a query to brokers does not delay a stop, and ends as soon as its stop token is triggered") {
    std::stop_source stop;
    kafka->ask_brokers(30s, stop.get_token(),
                       [answers = answers](const auto&) { answers->raise(); });
    CHECK(names_of_background_work().empty());
    CHECK_FALSE(wait_for_background_work(0s));
    stop.request_stop();
    CHECK(await_reaped(10s) == 0);
    CHECK(answers->value() == 1);
    kafka->stop_asking();
    CHECK(names_of_background_work().empty());
    CHECK(await_reaped(10s) == 0);
  }
}
