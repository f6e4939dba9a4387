// Timestamps of messages, and groups that begin at a time. The embedded cluster cannot look up
// times.

#include "broker/group_application.hpp"
#include "kafka/internal/driver/raw_producer.hpp"

#include <doctest/doctest.h>

#include <mutex>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

using time_point = std::chrono::system_clock::time_point;

class times_seen {
public:
  void add(const message& one) {
    const std::lock_guard lock{guard_};
    times_.emplace(one.offset(), one.timestamp().value_or(time_point{}));
  }
  std::map<std::int64_t, time_point> all() const {
    const std::lock_guard lock{guard_};
    return times_;
  }

private:
  mutable std::mutex guard_;
  std::map<std::int64_t, time_point> times_;
};

class timing_handler : public batch_handler {
public:
  timing_handler(std::shared_ptr<deliveries> into, std::shared_ptr<times_seen> times)
    : into_{std::move(into)}, times_{std::move(times)} {}

  verdict handle(batch messages) override {
    for (const auto& one : messages)
      times_->add(one);
    into_->handled(messages);
    return ack();
  }

private:
  std::shared_ptr<deliveries> into_;
  std::shared_ptr<times_seen> times_;
};

/// A topic with a hundred messages whose timestamps are a second apart.
struct timed_topic {
  static constexpr std::int64_t count = 100;
  std::string topic = fresh_topic("timed", 1);
  topic_partition where{topic, 0};
  time_point begin = time_point{std::chrono::hours{24 * 365 * 50}};
  std::shared_ptr<deliveries> seen = std::make_shared<deliveries>();
  std::shared_ptr<times_seen> times = std::make_shared<times_seen>();

  timed_topic() {
    raw_producer to{brokers()};
    for (std::int64_t number = 0; number < count; ++number)
      to.send(topic, std::to_string(number), std::nullopt, time_of(number));
    to.flush();
  }

  time_point time_of(std::int64_t number) const { return begin + std::chrono::seconds{number}; }

  application_spec beginning_at(time_point when) const {
    auto how = quick_consumer(topic, handler<timing_handler>(seen, times));
    how.begin = since{when};
    return member_of(std::move(how), seen);
  }

  void check_begins_at(std::int64_t first) {
    REQUIRE(seen->wait_for_commit(where, count));
    const auto handled = seen->of(where);
    CHECK(handled.size() == static_cast<std::size_t>(count - first));
    CHECK(handled.begin()->first == first);
  }
};

} // namespace

TEST_SUITE("timestamps on Apache Kafka" * doctest::timeout(300)) {
  TEST_CASE_FIXTURE(timed_topic, "a message has the timestamp of its record") {
    application app{beginning_at(begin)};
    check_begins_at(0);
    CHECK(app.stop());
    for (const auto& [offset, when] : times->all())
      CHECK(when == time_of(offset));
  }

  TEST_CASE_FIXTURE(timed_topic,
                    "a group that begins at a time starts with the message of exactly that time") {
    application app{beginning_at(time_of(40))};
    check_begins_at(40);
    CHECK(app.stop());
  }

  TEST_CASE_FIXTURE(
    timed_topic,
    "a group that begins at a time between two messages starts with the later message") {
    application app{beginning_at(time_of(40) + std::chrono::milliseconds{1})};
    check_begins_at(41);
    CHECK(app.stop());
  }

  TEST_CASE_FIXTURE(timed_topic,
                    "a group that begins at a time after all messages starts at the log's end") {
    application app{beginning_at(time_of(count))};
    REQUIRE(seen->wait_to_hold(1));
    raw_producer to{brokers()};
    to.send(topic, "late", std::nullopt, time_of(0));
    to.flush();
    REQUIRE(seen->wait_for_commit(where, count + 1));
    CHECK(app.stop());
    CHECK(seen->of(where) == std::map<std::int64_t, int>{{count, 1}});
  }

  TEST_CASE_FIXTURE(timed_topic,
                    "a group resumes at its committed offset even if `begin` is a time") {
    {
      application app{beginning_at(time_of(90))};
      check_begins_at(90);
      CHECK(app.stop());
    }
    application again{beginning_at(time_of(0))};
    raw_producer to{brokers()};
    to.send(topic, "more");
    to.flush();
    REQUIRE(seen->wait_for_commit(where, count + 1));
    CHECK(again.stop());
    CHECK(seen->total() == 11);
    CHECK(seen->distinct() == 11);
  }
}
