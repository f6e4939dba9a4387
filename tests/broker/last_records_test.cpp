// A stop with records on a slow link: the stop waits for records as long as its deadline allows,
// and reports what it leaves. Also headers and timestamps, which the embedded cluster does not show
// in full.

#include <ottla/actors/call.hpp>
#include <ottla/kafka/messages.hpp>

#include "broker/group_application.hpp"
#include "broker/slow_link.hpp"
#include "kafka/client/headers_and_times.hpp"

#include <doctest/doctest.h>

#include <future>
#include <mutex>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

/// Counts the records that were reported as unfinished.
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
                                   .producers = {{.topic = topic}},
                                   .observer = ends}},
           .stop_within = stop_within}} {
    REQUIRE(send(1, 4).wait_for(30s) == std::future_status::ready);
  }

  std::future<call_result<produced>> send(std::size_t count, std::size_t bytes) {
    return std::async(std::launch::async, [this, count, bytes] {
      produce what;
      for (std::size_t i = 0; i < count; ++i)
        what.records.push_back({.value = std::string(bytes, 'x')});
      return call<produced>(app.system(), app.find("c/producer/" + topic), 60s, std::move(what));
    });
  }

  /// Stored records, without the one that the constructor sent.
  std::size_t stored() const {
    std::int64_t all = -1;
    for (const auto& one : standing("nobody-" + topic, partitions_of(topic, 4)))
      all += one.log_end;
    return static_cast<std::size_t>(all);
  }
};

} // namespace

TEST_SUITE("last records on Apache Kafka" * doctest::timeout(300)) {
  TEST_CASE("a stop waits for 8 MB on a slow link, and all of them are stored") {
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

  TEST_CASE("a stop without time for all of them says how many, and callers know which") {
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

  TEST_CASE("headers and timestamps come back as they were sent") {
    const auto topic = fresh_topic("headers", 1);
    const auto kafka = make_librdkafka_client({.brokers = brokers()});
    check_headers_and_times(*kafka, topic, quick(topic));
  }
}
