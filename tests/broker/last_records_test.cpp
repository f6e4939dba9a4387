// A stop with unsent records or an unconfirmed commit on a slow link. The stop waits until its
// deadline, and reports all unconfirmed records and messages. A further case sends headers and
// timestamps, which the embedded cluster does not fully support.

#include <ottla/actors/call.hpp>
#include <ottla/kafka/producer/produce.hpp>

#include "broker/group_application.hpp"
#include "broker/slow_link.hpp"
#include "kafka/internal/driver/headers_and_times.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <future>
#include <mutex>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

/// Counts records that were reported as unfinished.
class noting_ends : public observer {
public:
  void left_unfinished(const unfinished& what) override {
    const std::lock_guard lock{guard_};
    lost_ += what.count;
  }
  std::size_t lost() const {
    const std::lock_guard lock{guard_};
    return lost_;
  }

private:
  mutable std::mutex guard_;
  std::size_t lost_ = 0;
};

/// Records deliveries, and the unfinished work that a member reports.
class noting_member : public deliveries {
public:
  void left_unfinished(const unfinished& what) override {
    const std::lock_guard lock{ends_guard_};
    ends_.push_back(what);
  }
  std::vector<unfinished> ends() const {
    const std::lock_guard lock{ends_guard_};
    return ends_;
  }

private:
  mutable std::mutex ends_guard_;
  std::vector<unfinished> ends_;
};

/// An application with one producer behind a slow link.
struct slow_producer {
  std::string topic = fresh_topic("slow", 4);
  slow_link link;
  std::shared_ptr<noting_ends> ends = std::make_shared<noting_ends>();
  application app;
  std::future<call_result<produced>> answer;

  slow_producer(double bytes_per_second, std::chrono::nanoseconds stop_within)
    : link{brokers(), bytes_per_second},
      app{{.id = "app",
           .children = {connection{.name = "c",
                                   .brokers = link.address(),
                                   .producing = producer_settings{},
                                   .observer = ends}},
           .stop_within = stop_within}} {
    REQUIRE(send(1, 4).wait_for(30s) == std::future_status::ready);
  }

  std::future<call_result<produced>> send(std::size_t count, std::size_t bytes) {
    return std::async(std::launch::async, [this, count, bytes] {
      produce what{.topic = topic};
      for (std::size_t i = 0; i < count; ++i)
        what.records.push_back({.value = std::string(bytes, 'x')});
      return call<produced>(app.system(), app.find("c/producer"), 60s, std::move(what));
    });
  }

  /// Number of stored records, without the record that the constructor sent.
  std::size_t stored() const {
    std::int64_t all = -1;
    for (const auto& one : standing("nobody-" + topic, partitions_of(topic, 4)))
      all += one.log_end;
    return static_cast<std::size_t>(all);
  }
};

} // namespace

TEST_SUITE("last records on Apache Kafka" * doctest::timeout(300)) {
  TEST_CASE("a stop waits until 8 MB are stored over a slow link") {
    slow_producer slow{2'000'000, 20s};
    auto asked = slow.send(800, 10'000);
    REQUIRE(slow.link.wait_passed(200'000, 20s));
    const auto& report = slow.app.stop();
    CHECK(report);
    const auto answer = asked.get();
    REQUIRE(answer);
    CHECK(answer->stored == 800);
    CHECK(answer->failures.empty());
    CHECK(slow.stored() == 800);
    CHECK(slow.ends->lost() == 0);
  }

  TEST_CASE("a stop that runs out of time reports the number of unconfirmed records, and the "
            "answer to produce lists these records") {
    slow_producer slow{1'000'000, 4s};
    auto asked = slow.send(2'000, 10'000);
    REQUIRE(slow.link.wait_passed(200'000, 20s));
    const auto& report = slow.app.stop();
    CHECK_FALSE(report);
    CHECK(report.killed.empty());
    CHECK(report.left.empty());
    REQUIRE(report.unfinished.size() == 1);
    CHECK(report.unfinished.front().find("of 2000 records were not confirmed")
          != std::string::npos);
    const auto answer = asked.get();
    REQUIRE(answer);
    CHECK(answer->stored > 0);
    CHECK(answer->stored + answer->failures.size() == 2'000);
    CHECK(slow.ends->lost() == answer->failures.size());
    const auto unknown = static_cast<std::size_t>(
      std::ranges::count_if(answer->failures, [](const auto& one) { return one.may_be_stored; }));
    slow.link.become_fast();
    const auto stored = slow.stored();
    CHECK(stored >= answer->stored);
    CHECK(stored <= answer->stored + unknown);
  }

  TEST_CASE("a stop reports the messages whose last commit was not confirmed") {
    constexpr std::size_t messages = 100;
    constexpr auto fast = 1e9;
    const auto topic = fresh_topic("unanswered", 2);
    const auto both = kafka::test::partitions_of(topic, 2);
    slow_link link{brokers(), fast};
    const auto seen = std::make_shared<noting_member>();
    auto how = quick_consumer(topic, seen);
    // Only the stop commits the handled messages.
    how.commit_interval = 10min;
    auto spec = member_of(how, seen);
    spec.children = {
      connection{.name = "c", .brokers = link.address(), .group_consumer = how, .observer = seen}};
    spec.stop_within = 3s;
    application app{std::move(spec)};
    for (const auto& one : both)
      REQUIRE(seen->wait_for_commit(one, 0));
    store_numbered(topic, 2, messages);
    REQUIRE(seen->wait_for_total(2 * messages));
    link.stop_passing();
    const auto begin = steady::now();
    const auto& report = app.stop();
    CHECK(steady::now() - begin < 5s);
    CHECK_FALSE(report);
    CHECK(report.killed.empty());
    CHECK(report.left.empty());
    const auto names = [&](const std::string& text) {
      return std::ranges::any_of(report.unfinished, [&](const auto& line) {
        return line.find("group \"" + topic + "\": " + text) != std::string::npos;
      });
    };
    CHECK(names("up to 200 acknowledged messages of 2 partitions were not confirmed as committed"));
    CHECK(names("the group did not confirm the leave"));
    CHECK(report.unfinished.size() == 2);
    const auto told = seen->ends();
    REQUIRE(told.size() == 2);
    CHECK(told.front().what == unfinished::kind::acknowledgements);
    CHECK(told.front().count == 2);
    CHECK(told.back().what == unfinished::kind::leave);
    // The report is correct: nothing was committed, and the messages are delivered again.
    for (const auto& one : standing(topic, both))
      CHECK(one.offset == 0);
    const auto again = std::make_shared<deliveries>();
    application next{member_of(quick_consumer(topic, again), again)};
    for (const auto& one : both)
      CHECK(again->wait_for_commit(one, messages));
    CHECK(next.stop());
    CHECK(again->total() == 2 * messages);
    // The handle behind the link still leaves the group. Other cases count unreaped handles.
    link.become_fast();
    CHECK(await_reaped(30s) == 0);
  }

  TEST_CASE("a broker returns headers and timestamps as they were sent") {
    const auto topic = fresh_topic("headers", 1);
    const auto kafka = make_librdkafka_driver({.brokers = brokers()});
    check_headers_and_times(*kafka, topic, quick(topic));
  }
}
