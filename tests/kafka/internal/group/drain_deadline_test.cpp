#include <ottla/kafka/internal/group/drain_deadline.hpp>

#include <doctest/doctest.h>

#include <chrono>

using namespace std::chrono_literals;
using ottla::kafka::group_consumer;
using ottla::kafka::last_drain_time;
using ottla::kafka::revoke_drain_time;

namespace {

group_consumer with(std::chrono::milliseconds drain_within) {
  group_consumer settings;
  settings.drain_within = drain_within;
  return settings;
}

} // namespace

TEST_SUITE("drain deadline") {
  TEST_CASE("the drain of a revoke may take drain_within") {
    CHECK(revoke_drain_time(with(3s)) == 3s);
  }

  TEST_CASE("the drain of a stop takes at most drain_within") {
    CHECK(last_drain_time(with(3s), 1min, false) == 3s);
    CHECK(last_drain_time(with(3s), 1min, true) == 3s);
  }

  TEST_CASE("the drain of a single process may take all the time that its supervisor grants") {
    CHECK(last_drain_time(with(5s), 2s, false) == 2s);
  }

  TEST_CASE("in a stop of the tree, a drain leaves a twentieth of its time for kills") {
    CHECK(last_drain_time(with(5s), 2s, true) == 1900ms);
  }

  TEST_CASE("in a stop of the tree, a drain leaves at most 500 ms for kills") {
    CHECK(last_drain_time(with(2min), 1min, true) == 59'500ms);
  }

  TEST_CASE("without any time left, the drain of a stop ends immediately") {
    CHECK(last_drain_time(with(5s), 0s, true) == 0s);
  }
}
