#include "event_pump.hpp"

#include <set>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

struct four_partitions {
  embedded_cluster cluster{{.topics = {{"t", 4}}}};
  std::shared_ptr<driver> kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
};

std::set<topic_partition> as_set(const std::vector<topic_partition>& partitions) {
  return {partitions.begin(), partitions.end()};
}

std::vector<beginning> resolve(member& who, std::vector<topic_partition> partitions,
                               begin_offset otherwise, begin_offset when_missing = earliest{}) {
  const auto asked = who->resolve(partitions, otherwise, when_missing);
  auto answer = who.expect<resolved>();
  CHECK(answer.asked == asked);
  REQUIRE(answer.beginnings.size() == partitions.size());
  for (std::size_t i = 0; i < partitions.size(); ++i)
    CHECK(answer.beginnings[i].at == partitions[i]);
  return answer.beginnings;
}

} // namespace

TEST_SUITE("group_member" * doctest::timeout(120)) {
  TEST_CASE_FIXTURE(
    four_partitions,
    "resolve turns earliest and latest into offsets, and a committed offset takes precedence") {
    store(*kafka, "t", numbered(10), 0);
    member who{kafka->open_consumer(quick("g"))};
    who->subscribe(std::vector<std::string>{"t"});
    const auto offer = who.expect<assigned>();
    CHECK(offer.generation >= 1);
    CHECK(offer.protocol == rebalance_protocol::eager);
    CHECK(offer.partitions.size() == 4);
    const topic_partition zero{"t", 0};
    const topic_partition three{"t", 3};
    CHECK(resolve(who, {three, zero}, earliest{})[1].offset == 0);
    CHECK(resolve(who, {zero}, latest{})[0].offset == 10);
    CHECK(resolve(who, {zero}, at_offset{7})[0].offset == 7);
    CHECK(resolve(who, {}, latest{}).empty());
    const auto from = who->assign(offer.answer, all_at(offer.partitions, 0));
    CHECK(from.size() == 4);

    const auto asked = who->commit(std::vector<position>{{three, 0}, {zero, 5}});
    const auto answer = who.expect<committed>();
    CHECK(answer.asked == asked);
    CHECK_FALSE(answer.failed.has_value());
    REQUIRE(answer.positions.size() == 2);
    CHECK(answer.positions[0].at == three);
    CHECK(answer.positions[1].offset == 5);
    CHECK_FALSE(answer.positions[1].failed.has_value());
    CHECK(resolve(who, {zero, three}, latest{})[0].offset == 5);

    who->commit(std::vector<position>{{zero, 1000}});
    who.expect<committed>();
    const auto gone = resolve(who, {zero, three}, at_offset{11}, latest{});
    CHECK(gone[0].missing == 1000);
    CHECK(gone[0].log_begin == 0);
    CHECK(gone[0].log_end == 10);
    CHECK(gone[0].offset == 10);
    CHECK_FALSE(gone[0].failed.has_value());
    CHECK(resolve(who, {zero}, earliest{}, at_offset{4})[0].offset == 4);
    CHECK(resolve(who, {zero}, earliest{}, at_offset{11})[0].offset == 10);
    // The group has committed offset 0 of partition 3, and the log holds that offset.
    CHECK(gone[1].missing == std::nullopt);
    const auto ends = who->look_up_ends(std::vector<topic_partition>{three, zero});
    const auto known = who.expect<ends_known>();
    CHECK(known.asked == ends);
    REQUIRE(known.ends.size() == 2);
    CHECK(known.ends[0].offset == 0);
    CHECK(known.ends[1].offset == 10);

    const auto nothing = who->commit({});
    CHECK(who.expect<committed>().asked == nothing);
    leave(who);
    const auto late = who->commit(std::vector<position>{{zero, 1}});
    const auto refused = who.expect<committed>();
    CHECK(refused.asked == late);
    CHECK(refused.failed.value().code == errc::closed);
  }

  TEST_CASE_FIXTURE(four_partitions,
                    "a second member takes over the partitions that the first member gives back") {
    store(*kafka, "t", numbered(10), 0);
    member first{kafka->open_consumer(quick("g"))};
    auto of_first = join(first, "t");
    member second{kafka->open_consumer(quick("g"))};
    second->subscribe(std::vector<std::string>{"t"});
    std::vector<topic_partition> held_by_first;
    std::vector<topic_partition> held_by_second;
    queues of_second;
    const auto settle = [](member& who, queues& from, std::vector<topic_partition>& held) {
      if (const auto back = who.find<revoked>(20ms)) {
        CHECK_FALSE(back->lost);
        CHECK(back->generation >= 1);
        from.clear();
        held.clear();
        who->unassign(back->answer, back->partitions);
      }
      if (const auto offer = who.find<assigned>(20ms)) {
        held = offer->partitions;
        from = who->assign(offer->answer, all_at(held, 3));
      }
    };
    // On a busy machine the first member may rejoin late, which needs another round.
    const auto until = steady::now() + 20s;
    while ((held_by_first.size() != 2 || held_by_second.size() != 2) && steady::now() < until) {
      settle(first, of_first, held_by_first);
      settle(second, of_second, held_by_second);
    }
    auto all = as_set(held_by_first);
    all.merge(as_set(held_by_second));
    REQUIRE(all.size() == 4);
    const bool is_first = as_set(held_by_first).contains({"t", 0});
    const auto& holder = is_first ? of_first : of_second;
    CHECK(read(*holder.at(0), 7).size() == 7);
  }

  TEST_CASE_FIXTURE(four_partitions,
                    "a cooperative member gives back only the partitions that move") {
    store(*kafka, "t", numbered(2000), 0);
    auto how = quick("g");
    how.strategy = assignor::cooperative_sticky;
    member first{kafka->open_consumer(how)};
    first->subscribe(std::vector<std::string>{"t"});
    const auto offer = first.expect<assigned>();
    CHECK(offer.protocol == rebalance_protocol::cooperative);
    auto of_first = first->assign(offer.answer, all_at(offer.partitions, 0));
    std::size_t zero = 0;
    while (offer.partitions.at(zero).partition != 0)
      ++zero;
    CHECK(read(*of_first[zero], 10, 10s, 10).size() == 10);
    member second{kafka->open_consumer(how)};
    second->subscribe(std::vector<std::string>{"t"});
    const auto back = first.expect<revoked>();
    CHECK(back.partitions.size() == 2);
    for (std::size_t i = 0; i < 4; ++i)
      if (as_set(back.partitions).contains(offer.partitions[i]))
        of_first[i].reset();
    first->unassign(back.answer, back.partitions);
    std::set<topic_partition> moved;
    const auto until = steady::now() + 20s;
    while (moved.size() < 2 && steady::now() < until) {
      if (const auto more = first.find<assigned>(0ms))
        first->assign(more->answer, {});
      if (const auto next = second.find<assigned>(100ms)) {
        moved.merge(as_set(next->partitions));
        second->assign(next->answer, all_at(next->partitions, 0));
      }
    }
    CHECK(moved == as_set(back.partitions));
    // librdkafka paused and resumed the partition. No message is missing or delivered twice.
    if (of_first[zero] != nullptr) {
      if (const auto more = first.find<assigned>(3s))
        first->assign(more->answer, {});
      const auto rest = read(*of_first[zero], 1990, 15s, 10);
      REQUIRE(rest.size() == 1990);
      CHECK(rest.front() == "10");
      CHECK(rest.back() == "1999");
    }
  }

  TEST_CASE_FIXTURE(
    four_partitions,
    "an assignment that is answered with a wrong token gets queues that stay empty") {
    store(*kafka, "t", numbered(10), 0);
    member who{kafka->open_consumer(quick("g"))};
    who->subscribe(std::vector<std::string>{"t"});
    const auto offer = who.expect<assigned>();
    const auto stale = who->assign(offer.answer + 100, all_at(offer.partitions, 0));
    REQUIRE(stale.size() == 4);
    const auto from = who->assign(offer.answer, all_at(offer.partitions, 0));
    for (const auto& each : from)
      if (&each == &from[0])
        CHECK(read(*from[0], 10).size() == 10);
    CHECK(stale[0]->take(10).messages.empty());
  }

  TEST_CASE_FIXTURE(four_partitions,
                    "a member that closes before answering its first assignment reports closed") {
    for (const auto strategy : {assignor::range, assignor::cooperative_sticky}) {
      auto how = quick("g" + std::to_string(static_cast<int>(strategy)));
      how.strategy = strategy;
      member who{kafka->open_consumer(how)};
      who->subscribe(std::vector<std::string>{"t"});
      const auto offer = who.expect<assigned>();
      who->close();
      auto from = who->assign(offer.answer, all_at(offer.partitions, 0));
      from.clear();
      const auto until = steady::now() + 10s;
      std::optional<closed> done;
      while (!done && steady::now() < until) {
        if (const auto back = who.find<revoked>(50ms))
          who->unassign(back->answer, back->partitions);
        done = who.find<closed>(50ms);
      }
      CHECK(done.has_value());
    }
  }

  TEST_CASE_FIXTURE(four_partitions,
                    "a member can close even if it never subscribed or never reached a broker") {
    member idle{kafka->open_consumer(quick("g"))};
    idle->close();
    idle.expect<closed>(5s);
    member alone{make_librdkafka_driver({.brokers = "127.0.0.1:1"})->open_consumer(quick("g"))};
    alone->subscribe(std::vector<std::string>{"t"});
    CHECK(alone.expect<handle_failed>().what.code == errc::unreachable);
    alone->close();
    alone.expect<closed>(5s);
  }

  TEST_CASE_FIXTURE(four_partitions,
                    "a member that is destroyed without closing leaves the group") {
    member first{kafka->open_consumer(quick("g"))};
    first->subscribe(std::vector<std::string>{"t"});
    const auto held = first.expect<assigned>();
    const auto from = first->assign(held.answer, all_at(held.partitions, 0));
    const auto began = steady::now();
    first.destroy();
    CHECK(steady::now() - began < 500ms);
    CHECK(await_reaped(30s) == 0);
    // If the first member were still in the group, it would lead the round in which the second
    // member joins, and that round would fail. The members join one after the other, because the
    // embedded cluster needs another round for a follower that is slower than its leader.
    member second{kafka->open_consumer(quick("g"))};
    second->subscribe(std::vector<std::string>{"t"});
    const auto offer = second.expect<assigned>();
    CHECK(offer.generation == held.generation + 1);
    CHECK(offer.partitions.size() == 4);
  }

  TEST_CASE_FIXTURE(
    four_partitions,
    "the handle of a member that is destroyed with an unanswered assignment is reaped") {
    {
      member first{kafka->open_consumer(quick("g"))};
      first->subscribe(std::vector<std::string>{"t"});
      first.expect<assigned>();
    }
    CHECK(await_reaped(30s) == 0);
  }

  TEST_CASE("the handle of a member that is closed or destroyed before it takes an assignment "
            "event is reaped") {
    for (const auto strategy : {assignor::range, assignor::cooperative_sticky})
      for (const bool closed_before : {false, true}) {
        embedded_cluster cluster{{.topics = {{"t", 4}}}};
        const auto kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
        auto how = quick("g");
        how.strategy = strategy;
        auto who = std::move(std::get<0>(kafka->open_consumer(how)));
        wake_counter wakes;
        who->wake_on_event(wakes.hand_out());
        wakes.wait(steady::now());
        who->subscribe(std::vector<std::string>{"t"});
        REQUIRE(wakes.wait(steady::now() + 15s));
        if (closed_before)
          who->close();
        who->wake_on_event({});
        who.reset();
        // A cooperative member that owns nothing may wait 5 s for its group before it closes.
        CHECK(await_reaped(30s) == 0);
      }
  }

  TEST_CASE("destroying a member that resolves offsets does not block, and the handle is reaped") {
    {
      member who{make_librdkafka_driver({.brokers = "127.0.0.1:1"})->open_consumer(quick("g"))};
      who->resolve(std::vector<topic_partition>{{"t", 0}, {"t", 1}}, earliest{}, earliest{});
      const auto began = steady::now();
      who.destroy();
      CHECK(steady::now() - began < 500ms);
    }
    CHECK(await_reaped(30s) == 0);
  }

  TEST_CASE("subscribing again replaces the topics") {
    embedded_cluster cluster{{.topics = {{"old", 2}, {"new", 3}}}};
    const auto kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
    store(*kafka, "new", numbered(5));
    member who{kafka->open_consumer(quick("g"))};
    auto from = join(who, "old");
    REQUIRE(from.size() == 2);
    who->subscribe(std::vector<std::string>{"new"});
    const auto back = who.expect<revoked>();
    CHECK(as_set(back.partitions) == std::set<topic_partition>{{"old", 0}, {"old", 1}});
    CHECK_FALSE(back.lost);
    from.clear();
    who->unassign(back.answer, back.partitions);
    const auto offer = who.expect<assigned>();
    CHECK(as_set(offer.partitions)
          == std::set<topic_partition>{{"new", 0}, {"new", 1}, {"new", 2}});
    from = who->assign(offer.answer, all_at(offer.partitions, 0));
    for (std::size_t i = 0; i < offer.partitions.size(); ++i)
      if (offer.partitions[i].partition == 0)
        CHECK(read(*from[i], 5).size() == 5);
  }

  TEST_CASE("only heartbeats that the coordinator answered are counted") {
    embedded_cluster cluster{{.brokers = 2, .topics = {{"t", 1}}}};
    const auto kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
    cluster.move_leader("t", 0, 1);
    cluster.move_coordinator("g", 2);
    member who{kafka->open_consumer(quick("g"))};
    const auto from = join(who, "t");
    const auto counts_within = [&who](std::chrono::milliseconds time) {
      const auto before = who->heartbeats_answered();
      for (const auto until = steady::now() + time; steady::now() < until;) {
        who.find<closed>(50ms);
        if (who->heartbeats_answered() > before)
          return true;
      }
      return false;
    };
    CHECK(counts_within(5s));
    CHECK(counts_within(5s));
    cluster.take_broker_down(2);
    counts_within(300ms); // one response may still be in flight
    CHECK_FALSE(counts_within(1s));
    cluster.bring_broker_up(2);
    CHECK(counts_within(15s));
  }

  TEST_CASE(
    "a broker outage is reported as a retriable failure, and the member resumes after the outage") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    const auto kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
    store(*kafka, "t", numbered(10));
    member who{kafka->open_consumer(quick("g"))};
    const auto from = join(who, "t");
    CHECK(read(*from.at(0), 10).size() == 10);
    cluster.take_broker_down(1);
    const auto failure = who.expect<handle_failed>();
    CHECK(failure.what.code == errc::unreachable);
    CHECK(failure.what.retriable);
    CHECK_FALSE(failure.what.fatal);
    cluster.bring_broker_up(1);
    store(*kafka, "t", numbered(1, 10));
    CHECK(read(*from[0], 1).front() == "10");
  }
}
