// What the embedded cluster cannot show of the seam to Kafka.

#include <ottla/kafka/topics.hpp>

#include "kafka/client/event_pump.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <set>
#include <unistd.h>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

struct real_cluster {
  client_settings settings{
    .brokers = std::getenv("OTTLA_BROKERS") != nullptr ? std::getenv("OTTLA_BROKERS") : "",
    .metadata_interval = 300ms};
  std::shared_ptr<client> kafka = make_librdkafka_client(settings);
  const std::string topic = fmt::format("seam-{}-{}", getpid(), ++turn);
  std::vector<std::string> made;

  real_cluster() { make(topic, 4); }
  ~real_cluster() {
    for (const auto& one : made)
      static_cast<void>(delete_topic(settings, one, 30s));
  }

  void make(const std::string& name, int partitions) {
    REQUIRE(settings.brokers != "");
    REQUIRE_FALSE(create_topic(settings, {.name = name, .partitions = partitions}, 30s));
    made.push_back(name);
  }

  static inline int turn = 0;
};

/// A time that is after all that was stored before, and before all that is stored later.
std::chrono::system_clock::time_point time_between(client& asked) {
  using clock = std::chrono::system_clock;
  const auto pass = [&] {
    for (const auto since = clock::now(); clock::now() < since + 10ms;)
      static_cast<void>(asked.list_topics(5s));
  };
  pass();
  const auto between = clock::now();
  pass();
  return between;
}

consumer_settings static_member(const std::string& group, std::string instance) {
  auto how = quick(group);
  how.session_timeout = 30s;
  how.instance = std::move(instance);
  return how;
}

} // namespace

TEST_SUITE("seam") {
  TEST_CASE_FIXTURE(real_cluster, "since a time is the first record from then on") {
    store(*kafka, topic, numbered(5));
    const auto between = time_between(*kafka);
    store(*kafka, topic, numbered(5, 5));
    member who{kafka->open_consumer(quick(topic))};
    const auto first_since = [&](std::chrono::system_clock::time_point when) {
      who->resolve(std::vector<topic_partition>{{topic, 0}}, since{when}, earliest{});
      const auto answer = who.expect<resolved>();
      CHECK_FALSE(answer.beginnings.at(0).failed.has_value());
      return answer.beginnings.at(0).offset;
    };
    CHECK(first_since(between) == 5);
    CHECK(first_since(between - 1h) == 0);
    CHECK(first_since(between + 1h) == 10);
  }

  TEST_CASE_FIXTURE(real_cluster, "a static member that comes back costs the others no rebalance") {
    member stays{kafka->open_consumer(static_member(topic, "stays"))};
    member comes_back{kafka->open_consumer(static_member(topic, "comes back"))};
    std::optional<assigned> of_one;
    std::optional<assigned> of_other;
    const auto settle = [&](member& who, std::optional<assigned>& has) {
      if (const auto back = who.find<revoked>(20ms))
        who->unassign(back->answer, back->partitions);
      if (auto offer = who.find<assigned>(20ms)) {
        who->assign(offer->answer, all_at(offer->partitions, 0));
        has = std::move(offer);
      }
    };
    stays->subscribe(std::vector{topic});
    comes_back->subscribe(std::vector{topic});
    const auto until = steady::now() + 30s;
    while ((!of_one || !of_other || of_one->generation != of_other->generation)
           && steady::now() < until) {
      settle(stays, of_one);
      settle(comes_back, of_other);
    }
    REQUIRE(of_one.has_value());
    REQUIRE(of_other.has_value());
    REQUIRE(of_one->partitions.size() + of_other->partitions.size() == 4);
    comes_back.destroy();
    CHECK(await_reaped(10s) == 0);
    member again{kafka->open_consumer(static_member(topic, "comes back"))};
    again->subscribe(std::vector{topic});
    const auto offer = again.expect<assigned>();
    CHECK(offer.generation == of_one->generation);
    CHECK(offer.partitions == of_other->partitions);
    CHECK_FALSE(stays.find<revoked>(0ms).has_value());
  }

  TEST_CASE_FIXTURE(real_cluster, "a second member of one instance fences the first") {
    member first{kafka->open_consumer(static_member(topic, "one"))};
    const auto from = join(first, topic);
    member second{kafka->open_consumer(static_member(topic, "one"))};
    second->subscribe(std::vector{topic});
    second.expect<assigned>();
    const auto until = steady::now() + 15s;
    std::optional<client_failed> told;
    while ((!told || !told->what.fatal) && steady::now() < until)
      told = first.find<client_failed>(1s);
    REQUIRE(told.has_value());
    CHECK(told->what.fatal);
    CHECK(told->what.code == errc::fenced);
  }

  TEST_CASE_FIXTURE(real_cluster, "a topic that is made later is found within metadata_interval") {
    const auto later = topic + "-later";
    member who{kafka->open_consumer(quick(topic))};
    who->subscribe(std::vector{topic, later});
    const auto first = who.expect<assigned>();
    CHECK(first.partitions.size() == 4);
    auto from = who->assign(first.answer, all_at(first.partitions, 0));
    make(later, 2);
    const auto back = who.expect<revoked>();
    from.clear();
    who->unassign(back.answer, back.partitions);
    CHECK(who.expect<assigned>().partitions.size() == 6);
  }
}
