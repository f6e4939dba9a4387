// A killed worker and a killed member, as in Elsa's tests, with the offsets that the broker stores.
// In both partitions only unacknowledged messages are delivered again.

#include <ottla/actors/caf.hpp>
#include <ottla/kafka/process_names.hpp>

#include "broker/group_application.hpp"

#include <doctest/doctest.h>

#include <optional>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

constexpr std::int64_t acknowledged = 100;

/// Acknowledges the first hundred messages. Records the other messages and leaves them
/// unacknowledged.
class half_done : public batch_handler {
public:
  explicit half_done(std::shared_ptr<deliveries> into) : into_{std::move(into)} {}

  verdict handle(batch messages) override {
    into_->handled(messages);
    return messages.front().offset() < acknowledged ? ack_until(acknowledged - 1) : no_ack();
  }

private:
  std::shared_ptr<deliveries> into_;
};

struct half_done_group {
  std::string topic = fresh_topic("half-done", 2);
  std::vector<topic_partition> both = partitions_of(topic, 2);
  std::shared_ptr<deliveries> seen = std::make_shared<deliveries>();
  std::optional<application> app;

  half_done_group() {
    store_numbered(topic, 2, 150);
    auto how = quick_consumer(topic, handler<half_done>(seen));
    how.batch_size = 50;
    app.emplace(member_of(how, seen));
    REQUIRE(seen->wait_for_total(300));
    for (const auto& where : both)
      REQUIRE(seen->wait_for_commit(where, acknowledged));
  }

  void kill_named(const std::string& name) {
    const auto victim = app->names()->whereis("c/" + name);
    REQUIRE(victim);
    kill(victim);
  }

  /// Waits until the last message of both partitions was delivered again.
  void wait_for_the_rest() {
    for (const auto& where : both)
      REQUIRE(seen->wait_for_times(where, 149, 2));
  }

  /// Checks that in both partitions the first hundred messages were delivered once, and all other
  /// messages were delivered again.
  void check_what_came() {
    for (const auto& where : both) {
      CAPTURE(where.partition);
      const auto times = seen->of(where);
      CHECK(times.size() == 150);
      for (const auto& each : times) {
        const auto offset = each.first;
        CAPTURE(offset);
        CHECK((offset < acknowledged ? each.second == 1 : each.second >= 2));
      }
    }
    CHECK(app->stop());
    for (const auto& one : standing(topic, both))
      CHECK(one.offset == acknowledged);
  }
};

} // namespace

TEST_SUITE("killed worker on Apache Kafka" * doctest::timeout(300)) {
  TEST_CASE_FIXTURE(half_done_group,
                    "only messages that a killed worker did not acknowledge are delivered again") {
    for (const auto& where : both)
      kill_named(worker_name(where));
    wait_for_the_rest();
    check_what_came();
    CHECK(seen->total() == 400);
    CHECK(seen->assignments() == 1);
  }

  TEST_CASE_FIXTURE(
    half_done_group,
    "after a coordinator's death, messages after the committed offset are delivered again") {
    kill_named(std::string{coordinator_name});
    wait_for_the_rest();
    check_what_came();
  }
}
