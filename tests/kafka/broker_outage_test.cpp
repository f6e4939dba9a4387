// What health reports about brokers that are away, or that hang while others answer.

#include "support/troubled_group.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("health of brokers") {
  TEST_CASE_FIXTURE(troubled, "brokers out of reach: degraded until they answer again") {
    kafka->describes = reply::failing(errc::unreachable, "no broker of \"x\" answered");
    open();
    CHECK(kafka->happened() == "");
    CHECK(health()
          == "degraded: brokers: unreachable: no broker of \"x\" answered; coordinator: no "
             "partitions are assigned yet");
    kafka->describes = {};
    time.advance(5s);
    CHECK(kafka->happened() == "subscribe t");
    give({zero});
    kafka->push(handle_failed{{.code = errc::unreachable, .text = "all brokers are down"}});
    time.run();
    CHECK(health() == "degraded: brokers: unreachable: all brokers are down");
    time.advance(6s);
    CHECK(health() == "healthy");
    const auto before = kafka->descriptions;
    time.advance(1min);
    CHECK(kafka->descriptions == before);
  }

  TEST_CASE_FIXTURE(troubled, "brokers that fall silent are asked, and named when nobody answers") {
    open_with({zero});
    time.advance(1min);
    CHECK(kafka->questions == 0);
    kafka->view = {.silent_for = 10s};
    kafka->answers = reply::failing(errc::unreachable, "no broker of \"x\" answered");
    time.advance(1s);
    CHECK(health() == "degraded: brokers: unreachable: no broker of \"x\" answered");
    CHECK(notes->saw("failed unreachable: no broker of \"x\" answered"));
    kafka->answers = {};
    time.advance(2s);
    CHECK(health() == "healthy");
    CHECK(notes->saw("recovered"));
  }

  TEST_CASE_FIXTURE(troubled, "an outage is told once and its end once") {
    open_with({zero});
    kafka->view = {.silent_for = 10s};
    kafka->answers = reply::failing(errc::unreachable, "nobody");
    time.advance(1min);
    CHECK(std::ranges::count(notes->lines, "failed unreachable: nobody") == 1);
    kafka->answers = {};
    time.advance(1min);
    CHECK(std::ranges::count(notes->lines, "recovered") == 1);
  }

  TEST_CASE_FIXTURE(troubled, "idle partitions are no fault while brokers answer") {
    open_with({zero, one});
    kafka->view = {.silent_for = 1h};
    for (int i = 0; i < 10; ++i) {
      time.advance(6s);
      CHECK(health() == "healthy");
    }
    CHECK(kafka->questions > 10);
  }

  TEST_CASE_FIXTURE(troubled, "a broker that cannot be reached is named though others answer") {
    open_with({zero});
    kafka->view.failing = {"no connection to b:9092"};
    time.advance(1s);
    CHECK(health() == "degraded: brokers: unreachable: no connection to b:9092");
    kafka->push(handle_failed{{.code = errc::unreachable, .text = "b:9092/2: refused"}});
    time.advance(10s);
    CHECK(health().starts_with("degraded: brokers: unreachable: "));
    kafka->view.failing.clear();
    time.advance(1s);
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(troubled, "a broker that hangs is named until it answers, though others do") {
    open_with({zero});
    kafka->view.failing = {"no answer from broker 2 (b:9092)"};
    time.advance(1s);
    CHECK(health() == "degraded: brokers: unreachable: no answer from broker 2 (b:9092)");
    kafka->view.failing = {"no answer from broker 3"};
    time.advance(1s);
    CHECK(health() == "degraded: brokers: unreachable: no answer from broker 3");
    // An answer of another broker must not clear the handle's own failure.
    kafka->push(handle_failed{{.code = errc::unreachable, .text = "GroupCoordinator: timed out"}});
    for (int i = 0; i < 60; ++i) {
      time.advance(1s);
      CHECK(health().starts_with("degraded: brokers: unreachable: "));
    }
    kafka->view.failing.clear();
    time.advance(1s);
    CHECK(health() == "healthy");
    CHECK(std::ranges::count(notes->lines, "recovered") == 1);
  }

  TEST_CASE_FIXTURE(troubled, "the end of the health process ends its questions") {
    open_with({zero});
    ask_to_end(root);
    CHECK(kafka->ends_of_asking > 0);
  }
}
