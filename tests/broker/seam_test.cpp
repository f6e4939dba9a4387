// Behavior of the seam that needs a real broker.

#include <ottla/kafka/admin/topic_info.hpp>
#include <ottla/kafka/admin/topics.hpp>
#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/internal/driver/consumer_handle_settings.hpp>

#include "kafka/internal/driver/event_pump.hpp"
#include "support/administer.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <map>
#include <unistd.h>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

struct real_cluster {
  cluster_settings settings{
    .brokers = std::getenv("OTTLA_BROKERS") != nullptr ? std::getenv("OTTLA_BROKERS") : "",
    .metadata_interval = 300ms};
  std::shared_ptr<driver> kafka = make_librdkafka_driver(settings);
  const std::string topic = fmt::format("seam-{}-{}", getpid(), ++turn);
  std::vector<std::string> made;

  real_cluster() { make(topic, 4); }
  ~real_cluster() {
    for (const auto& one : made)
      static_cast<void>(delete_topic(settings, one, 30s));
  }

  void make(const std::string& name, int partitions) {
    REQUIRE(settings.brokers != "");
    REQUIRE(create_topic(settings, {.name = name, .partitions = partitions}, 30s));
    made.push_back(name);
  }

  static inline int turn = 0;
};

/// Returns a time after all stored records and before all later records.
std::chrono::system_clock::time_point time_between(driver& asked) {
  using clock = std::chrono::system_clock;
  const auto pass = [&] {
    for (const auto since = clock::now(); clock::now() < since + 10ms;)
      static_cast<void>(administer(asked, list_topics_request{.within = 5s}));
  };
  pass();
  const auto between = clock::now();
  pass();
  return between;
}

consumer_handle_settings static_member(const std::string& group, std::string instance) {
  auto how = quick(group);
  how.session_timeout = 30s;
  how.instance = std::move(instance);
  return how;
}

consumer_handle_settings cooperative(const std::string& topic, std::chrono::milliseconds session) {
  auto how = quick(topic);
  how.strategy = assignor::cooperative_sticky;
  how.session_timeout = session;
  return how;
}

/// A member that answers offers and requests, and records its partitions.
struct cooperative_member {
  member seen;
  std::map<topic_partition, std::unique_ptr<partition_queue>> holds;
  std::int32_t generation = -1;
  int losses = 0;

  explicit cooperative_member(std::variant<std::unique_ptr<consumer_handle>, error> opened)
    : seen{std::move(opened)} {}

  void join(const std::string& topic) { seen->subscribe(std::vector{topic}); }

  void give_back() {
    if (const auto back = seen.find<revoked>(20ms)) {
      losses += back->lost ? 1 : 0;
      for (const auto& one : back->partitions)
        holds.erase(one);
      seen->unassign(back->answer, back->partitions);
    }
  }

  void answer() {
    give_back();
    if (const auto offer = seen.find<assigned>(20ms)) {
      generation = offer->generation;
      auto queues = seen->assign(offer->answer, all_at(offer->partitions, 0));
      for (std::size_t i = 0; i < queues.size(); ++i)
        holds[offer->partitions[i]] = std::move(queues[i]);
    }
  }
};

/// Waits until all members are in one generation, each owns a partition, and together they own
/// `partitions`. Returns false after 40 s.
bool settle(const std::vector<cooperative_member*>& all, std::size_t partitions) {
  for (const auto until = steady::now() + 40s; steady::now() < until;) {
    std::size_t held = 0;
    bool is_settled = true;
    for (auto* one : all) {
      one->answer();
      held += one->holds.size();
      is_settled = is_settled && !one->holds.empty() && one->generation == all.front()->generation;
    }
    if (is_settled && held == partitions)
      return true;
  }
  return false;
}

} // namespace

TEST_SUITE("seam" * doctest::timeout(300)) {
  TEST_CASE_FIXTURE(real_cluster, "`since` resolves to the first record at or after the time") {
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

  TEST_CASE_FIXTURE(real_cluster,
                    "a static member that restarts gets its partitions again without a rebalance") {
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
    CHECK(await_reaped(30s) == 0);
    member again{kafka->open_consumer(static_member(topic, "comes back"))};
    again->subscribe(std::vector{topic});
    const auto offer = again.expect<assigned>();
    CHECK(offer.generation == of_one->generation);
    CHECK(offer.partitions == of_other->partitions);
    CHECK_FALSE(stays.find<revoked>(0ms).has_value());
  }

  TEST_CASE_FIXTURE(real_cluster,
                    "a second member with the same instance id fences the first member") {
    member first{kafka->open_consumer(static_member(topic, "one"))};
    const auto from = join(first, topic);
    member second{kafka->open_consumer(static_member(topic, "one"))};
    second->subscribe(std::vector{topic});
    second.expect<assigned>();
    const auto until = steady::now() + 15s;
    std::optional<handle_failed> told;
    while ((!told || !told->what.fatal) && steady::now() < until)
      told = first.find<handle_failed>(1s);
    REQUIRE(told.has_value());
    CHECK(told->what.fatal);
    CHECK(told->what.code == errc::fenced);
  }

  TEST_CASE_FIXTURE(
    real_cluster, "a topic that is created after subscribe is assigned after a metadata refresh") {
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

  TEST_CASE_FIXTURE(
    real_cluster,
    "a commit during a cooperative rebalance is stored, and no member loses a partition") {
    const auto how = cooperative(topic, 30s);
    auto rarely = how;
    rarely.heartbeat_interval = 6s; // no heartbeat reports a rebalance earlier
    cooperative_member keen{kafka->open_consumer(how)};
    cooperative_member slow{kafka->open_consumer(rarely)};
    cooperative_member late{kafka->open_consumer(how)};
    keen.join(topic);
    REQUIRE(settle({&keen}, 4));
    slow.join(topic);
    REQUIRE(settle({&keen, &slow}, 4));
    late.join(topic);
    // `keen` has asked to join by now, and waits for `slow`.
    REQUIRE_FALSE(keen.seen.find<assigned>(1s).has_value());
    REQUIRE_FALSE(keen.seen.find<revoked>(0ms).has_value());
    const auto mine = keen.holds.begin()->first;
    const auto asked = keen.seen->commit(std::vector<position>{{mine, 7}});
    REQUIRE(settle({&keen, &slow, &late}, 4));
    const auto answer = keen.seen.expect<committed>();
    CHECK(answer.asked == asked);
    CHECK_FALSE(answer.failed.has_value());
    CHECK(keen.losses + slow.losses + late.losses == 0);
    keen.seen->resolve(std::vector{mine}, earliest{}, earliest{});
    CHECK(keen.seen.expect<resolved>().beginnings.at(0).committed == 7);
  }

  TEST_CASE_FIXTURE(real_cluster,
                    "a commit is stored while a member rejoins after giving partitions back") {
    const auto how = cooperative(topic, 30s);
    cooperative_member stays{kafka->open_consumer(how)};
    cooperative_member late{kafka->open_consumer(how)};
    stays.join(topic);
    REQUIRE(settle({&stays}, 4));
    late.join(topic);
    for (const auto until = steady::now() + 20s; stays.holds.size() == 4 && steady::now() < until;)
      stays.give_back();
    const auto offer = stays.seen.expect<assigned>();
    CHECK(offer.partitions.empty());
    const auto mine = stays.holds.begin()->first;
    stays.seen->assign(offer.answer, {});
    const auto asked = stays.seen->commit(std::vector<position>{{mine, 7}});
    REQUIRE(settle({&stays, &late}, 4));
    const auto answer = stays.seen.expect<committed>();
    CHECK(answer.asked == asked);
    CHECK_FALSE(answer.positions.at(0).failed.has_value());
    CHECK(stays.losses + late.losses == 0);
  }

  TEST_CASE_FIXTURE(real_cluster, "a cooperative member that stops before it got a partition "
                                  "leaves before its session times out") {
    const auto how = cooperative(topic, 45s);
    cooperative_member stays{kafka->open_consumer(how)};
    stays.join(topic);
    REQUIRE(settle({&stays}, 4));
    {
      member brief{kafka->open_consumer(how)};
      brief->subscribe(std::vector{topic});
      // The first assignment is empty, because `stays` has not given back any partition yet.
      std::optional<assigned> offer;
      for (const auto until = steady::now() + 15s; !offer && steady::now() < until;) {
        stays.answer();
        offer = brief.find<assigned>(20ms);
      }
      REQUIRE(offer.has_value());
      REQUIRE(offer->partitions.empty());
      SUBCASE("the member answers the assignment, then closes") {
        brief->assign(offer->answer, {});
        brief->close();
        for (const auto until = steady::now() + 15s;
             !brief.find<closed>(20ms) && steady::now() < until;)
          stays.answer();
      }
      SUBCASE("the member closes, then answers the assignment") {
        brief->close();
        brief->assign(offer->answer, {});
        for (const auto until = steady::now() + 15s;
             !brief.find<closed>(20ms) && steady::now() < until;)
          stays.answer();
      }
      SUBCASE("the handle is destroyed after the member answered") {
        brief->assign(offer->answer, {});
      }
      SUBCASE("the handle is destroyed before the member answered") {}
    }
    // `stays` must get all partitions again, and no heartbeat may report another rebalance.
    const auto alone = steady::now();
    CHECK(settle({&stays}, 4));
    const auto generation = stays.generation;
    for (const auto until = steady::now() + 2s; steady::now() < until;)
      stays.answer();
    CHECK(stays.holds.size() == 4);
    CHECK(stays.generation <= generation + 1);
    CHECK(steady::now() - alone < 30s);
    CHECK(await_reaped(30s) == 0);
  }

  TEST_CASE_FIXTURE(real_cluster,
                    "topics can be created and deleted with the longest durations as timeout") {
    int number = 0;
    const auto make_and_delete = [&](auto within) {
      const auto name = fmt::format("{}-{}", topic, ++number);
      CHECK(create_topic(settings, {.name = name}, within));
      CHECK(list_topics(settings, within));
      CHECK(delete_topic(settings, name, within));
    };
    make_and_delete(std::chrono::hours::max());
    make_and_delete(std::chrono::seconds::max());
    make_and_delete(std::chrono::milliseconds::max());
    make_and_delete(2h);
  }
}
