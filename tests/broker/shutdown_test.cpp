// A stop in the middle of a batch, as in Elsa's shutdown test. The batch is finished and
// acknowledged, and its messages are not delivered again. The embedded cluster cannot show the
// commits of a stop and of an eager revoke.

#include <ottla/kafka/process_names.hpp>

#include "broker/group_application.hpp"
#include "support/counter.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;
using ottla::test::counter;

namespace {

struct stop_points {
  counter in_the_middle;
  counter going_on;
};

/// Blocks in the middle of a batch of partition 0 until the stop has reached the worker.
class halting_handler : public batch_handler {
public:
  halting_handler(std::shared_ptr<deliveries> into, std::shared_ptr<stop_points> points,
                  std::int64_t from = 0)
    : into_{std::move(into)}, points_{std::move(points)}, from_{from} {}

  verdict handle(batch messages) override {
    if (messages.from().partition == 0 && messages.back().offset() >= from_) {
      points_->in_the_middle.raise();
      points_->going_on.wait_for(1, 60s);
    }
    into_->handled(messages);
    return ack();
  }

private:
  std::shared_ptr<deliveries> into_;
  std::shared_ptr<stop_points> points_;
  std::int64_t from_;
};

/// The manager drains workers in the order of their partitions. So the end of the worker of
/// partition 1 shows that the worker of partition 0, which is in the middle of its batch, was also
/// asked to drain.
process_observer go_on_when_told(const std::string& topic, std::shared_ptr<stop_points> points) {
  return [points = std::move(points), name = worker_name({topic, 1})](const process_event& event) {
    if (event.what == process_event::kind::ended && event.path.ends_with(name))
      points->going_on.raise();
  };
}

constexpr std::array eager_assignors{assignor::range, assignor::round_robin};
constexpr std::array all_assignors{assignor::range, assignor::round_robin,
                                   assignor::cooperative_sticky};

} // namespace

TEST_SUITE("shutdown on Apache Kafka" * doctest::timeout(300)) {
  TEST_CASE("a stop lets the current batch finish and commits it") {
    const auto topic = fresh_topic("shutdown", 2);
    store_numbered(topic, 2, 200);
    const topic_partition halted{topic, 0};
    const auto before = std::make_shared<deliveries>();
    const auto points = std::make_shared<stop_points>();
    {
      auto how = quick_consumer(topic, handler<halting_handler>(before, points));
      how.batch_size = 50;
      how.run_as = execution::detached;
      auto spec = member_of(how, before);
      spec.observer = go_on_when_told(topic, points);
      application app{std::move(spec)};
      REQUIRE(before->wait_for_commit({topic, 1}, 200));
      REQUIRE(points->in_the_middle.wait_for(1, 60s));
      CHECK(before->of(halted).empty());
      CHECK(app.stop());
      CHECK(points->going_on.value() == 1);
    }
    const auto done = static_cast<std::int64_t>(before->of(halted).size());
    CHECK(done > 0);
    CHECK(done <= 50);
    CHECK(before->distinct() == before->total());
    CHECK(standing(topic, {halted}).front().offset == done);

    const auto after = std::make_shared<deliveries>();
    application again{member_of(quick_consumer(topic, after), after)};
    REQUIRE(after->wait_for_commit(halted, 200));
    CHECK(again.stop());
    CHECK(after->of(halted).begin()->first == done);
    CHECK(after->of({topic, 1}).empty());
    CHECK(after->total() == static_cast<std::size_t>(200 - done));
  }

  TEST_CASE("a stop in the middle of 100,000 messages commits exactly the handled messages") {
    for (const auto strategy : all_assignors) {
      CAPTURE(static_cast<int>(strategy));
      const auto topic = fresh_topic("drained", 4);
      store_numbered(topic, 4, 25'000);
      const auto seen = std::make_shared<deliveries>();
      const auto points = std::make_shared<stop_points>();
      auto how = quick_consumer(topic, handler<halting_handler>(seen, points, 12'500));
      how.strategy = strategy;
      how.run_as = execution::detached;
      // Only drains commit.
      how.commit_interval = 10min;
      auto spec = member_of(how, seen);
      spec.observer = go_on_when_told(topic, points);
      application app{std::move(spec)};
      REQUIRE(points->in_the_middle.wait_for(1, 60s));
      CHECK(app.stop());
      CHECK(points->going_on.value() == 1);
      CHECK(seen->distinct() == seen->total());
      CHECK(seen->total() < 100'000);
      for (const auto& one : standing(topic, partitions_of(topic, 4))) {
        const auto handled = seen->of(one.at);
        CHECK(one.offset == static_cast<std::int64_t>(handled.size()));
        CHECK((handled.empty() || handled.rbegin()->first + 1 == one.offset));
      }
    }
  }

  TEST_CASE("each message is handled once while members join and leave in order") {
    for (const auto strategy : all_assignors) {
      CAPTURE(static_cast<int>(strategy));
      constexpr std::size_t each = 2'000;
      const auto topic = fresh_topic("handed-over", 4);
      const auto seen = std::make_shared<deliveries>();
      const auto first_seen = std::make_shared<deliveries>();
      const auto second_seen = std::make_shared<deliveries>();
      auto how = quick_consumer(topic, seen);
      how.strategy = strategy;
      // Only drains commit.
      how.commit_interval = 10min;
      std::size_t stored = 0;
      const auto store_more = [&] {
        store_numbered(topic, 4, each, stored);
        stored += each;
      };
      store_more();
      auto first = std::make_unique<application>(member_of(how, first_seen));
      REQUIRE(first_seen->wait_to_hold(4));
      auto second = std::make_unique<application>(member_of(how, second_seen));
      // Gives members messages to handle during the rebalance.
      store_more();
      REQUIRE(second_seen->wait_to_hold(2));
      REQUIRE(first_seen->wait_to_hold(2));
      store_more();
      CHECK(first->stop());
      first.reset();
      store_more();
      REQUIRE(second_seen->wait_to_hold(4));
      CHECK(seen->wait_for_distinct(4 * stored));
      CHECK(second->stop());
      CHECK(seen->total() == 4 * stored);
      CHECK(first_seen->losses() + second_seen->losses() == 0);
      for (const auto& one : standing(topic, partitions_of(topic, 4)))
        CHECK(one.offset == static_cast<std::int64_t>(stored));
    }
  }

  TEST_CASE("an eager revoke waits for the current batch and commits it") {
    for (const auto strategy : eager_assignors) {
      CAPTURE(static_cast<int>(strategy));
      const auto topic = fresh_topic("revoked", 2);
      store_numbered(topic, 2, 200);
      const auto handled = std::make_shared<deliveries>();
      const auto first_seen = std::make_shared<deliveries>();
      const auto second_seen = std::make_shared<deliveries>();
      const auto points = std::make_shared<stop_points>();
      auto how = quick_consumer(topic, handler<halting_handler>(handled, points));
      how.strategy = strategy;
      how.batch_size = 50;
      how.run_as = execution::detached;
      how.drain_within = 30s;
      auto spec = member_of(how, first_seen);
      spec.observer = go_on_when_told(topic, points);
      application first{std::move(spec)};
      REQUIRE(first_seen->wait_for_commit({topic, 1}, 200));
      REQUIRE(points->in_the_middle.wait_for(1, 60s));
      CHECK(handled->of({topic, 0}).empty());
      auto other = quick_consumer(topic, handled);
      other.strategy = strategy;
      application second{member_of(other, second_seen)};
      REQUIRE(first_seen->wait_to_hold(1));
      REQUIRE(second_seen->wait_to_hold(1));
      // The new owner of partition 0 began after the batch.
      CHECK(handled->wait_for_distinct(400));
      CHECK(second.stop());
      CHECK(first.stop());
      CHECK(points->going_on.value() >= 1);
      CHECK(handled->total() == 400);
      CHECK(first_seen->losses() == 0);
    }
  }
}
