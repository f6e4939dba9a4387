// What health reports about brokers that are unreachable, or that hang while other brokers answer.

#include "support/troubled_group.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("health of brokers") {
  TEST_CASE_FIXTURE(
    troubled, "a group is degraded while no broker is reachable, and healthy once brokers answer") {
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

  TEST_CASE_FIXTURE(troubled,
                    "health queries silent brokers and reports the failure if none answers") {
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

  TEST_CASE_FIXTURE(troubled,
                    "a broker outage is reported once when it begins and once when it ends") {
    open_with({zero});
    kafka->view = {.silent_for = 10s};
    kafka->answers = reply::failing(errc::unreachable, "nobody");
    time.advance(1min);
    CHECK(std::ranges::count(notes->lines, "failed unreachable: nobody") == 1);
    kafka->answers = {};
    time.advance(1min);
    CHECK(std::ranges::count(notes->lines, "recovered") == 1);
  }

  TEST_CASE_FIXTURE(troubled, "a group with idle partitions is healthy while brokers answer") {
    open_with({zero, one});
    kafka->view = {.silent_for = 1h};
    for (int i = 0; i < 10; ++i) {
      time.advance(6s);
      CHECK(health() == "healthy");
    }
    CHECK(kafka->questions > 10);
  }

  TEST_CASE_FIXTURE(troubled, "health reports an unreachable broker even if other brokers answer") {
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

  TEST_CASE_FIXTURE(
    troubled, "health reports a hanging broker until it answers, even if other brokers answer") {
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

  TEST_CASE_FIXTURE(troubled, "the health process cancels its queries to brokers when it ends") {
    open_with({zero});
    ask_to_end(root);
    CHECK(kafka->ends_of_asking > 0);
  }
}
