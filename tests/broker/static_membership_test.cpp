// The restart of a member with an instance id, Kafka's group.instance.id, does not rebalance the
// group. The embedded cluster does not support instance ids.

#include <ottla/actors/caf.hpp>
#include <ottla/actors/call.hpp>
#include <ottla/kafka/health.hpp>
#include <ottla/kafka/process_names.hpp>

#include "broker/group_application.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

struct two_members {
  std::string topic = fresh_topic("static", 4);
  std::shared_ptr<deliveries> handled = std::make_shared<deliveries>();
  std::shared_ptr<deliveries> first_seen = std::make_shared<deliveries>();
  std::shared_ptr<deliveries> second_seen = std::make_shared<deliveries>();
  std::optional<application> first;
  std::optional<application> second;
  std::size_t stored = 0;

  two_members() {
    store_more();
    first.emplace(named("first", first_seen));
    REQUIRE(first_seen->wait_to_hold(4));
    second.emplace(named("second", second_seen));
    REQUIRE(second_seen->wait_to_hold(2));
    REQUIRE(first_seen->wait_to_hold(2));
  }

  application_spec named(const std::string& instance,
                         const std::shared_ptr<deliveries>& seen) const {
    auto how = quick_consumer(topic, handled);
    how.instance = instance;
    how.session_timeout = 30s;
    how.heartbeat_interval = 500ms;
    return member_of(std::move(how), seen);
  }

  void store_more() {
    store_numbered(topic, 4, 100, stored);
    stored += 100;
  }

  /// Stops the second member first, so that the first member can handle all remaining messages.
  void check_nothing_is_missing_of_the_first() {
    CHECK(second->stop());
    CHECK(first->stop());
    CHECK(handled->distinct() == 4 * stored);
  }

  void check_nothing_is_missing() {
    store_more();
    CHECK(handled->wait_for_distinct(4 * stored));
    CHECK(first->stop());
    CHECK(second->stop());
    CHECK(handled->total() == 4 * stored);
    for (const auto& one : standing(topic, partitions_of(topic, 4)))
      CHECK(one.offset == static_cast<std::int64_t>(stored));
  }
};

} // namespace

TEST_SUITE("static membership on Apache Kafka" * doctest::timeout(300)) {
  TEST_CASE_FIXTURE(two_members, "a static member that restarts within its session gets its "
                                 "partitions again without a rebalance") {
    const auto generation = first_seen->generation();
    const auto assignments = first_seen->assignments();
    const auto held = second_seen->holds();
    CHECK(second->stop());
    store_more();
    second_seen = std::make_shared<deliveries>();
    second.emplace(named("second", second_seen));
    REQUIRE(second_seen->wait_to_hold(2));
    CHECK(second_seen->holds() == held);
    CHECK(second_seen->generation() == generation);
    CHECK(handled->wait_for_distinct(4 * stored));
    CHECK(first_seen->assignments() == assignments);
    CHECK(first_seen->generation() == generation);
    check_nothing_is_missing();
  }

  TEST_CASE_FIXTURE(two_members, "a second program with the same instance id replaces the first "
                                 "program, which does not rejoin") {
    const auto before = second_seen->assignments();
    auto rival_seen = std::make_shared<deliveries>();
    application rival{named("second", rival_seen)};
    REQUIRE(rival_seen->wait_to_hold(2));
    REQUIRE(second_seen->wait_to_hold(0));
    store_more();
    CHECK(handled->wait_for_distinct(4 * stored));
    const auto health
      = call<health_report>(second->system(), second->find("c/health"), 5s, get_health{});
    REQUIRE(health);
    CHECK(health->state == health_state::stalled);
    CHECK(to_string(*health).find("uses instance \"second\"") != std::string::npos);
    CHECK_FALSE(second->ended().has_value());
    CHECK(second_seen->assignments() == before);
    CHECK(rival_seen->assignments() == 1);
    CHECK(rival.stop());
    check_nothing_is_missing_of_the_first();
  }

  TEST_CASE_FIXTURE(two_members,
                    "a killed coordinator of a static member rejoins as the same member") {
    const auto generation = first_seen->generation();
    const auto assignments = first_seen->assignments();
    const auto before = second_seen->assignments();
    const auto victim = second->names()->whereis("c/" + std::string{coordinator_name});
    REQUIRE(victim);
    kill(victim);
    REQUIRE(second_seen->wait_for_assignments(before + 1));
    CHECK(second_seen->generation() == generation);
    CHECK(first_seen->assignments() == assignments);
    check_nothing_is_missing();
  }
}
