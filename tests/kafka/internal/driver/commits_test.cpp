// Commits while a member joins. tests/broker/seam_test.cpp tests commits with real brokers.

#include "kafka/internal/driver/cooperative_member.hpp"

#include <memory>
#include <utility>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

/// A member whose join requests the test can observe and simulate.
struct watched_member {
  embedded_cluster cluster{{.topics = {{"t", 1}}}};
  join_watch* joins = nullptr;
  member who{open()};

  std::variant<std::unique_ptr<consumer_handle>, error> open() {
    auto threads = std::make_unique<interceptors>(destroy_messages);
    joins = &threads->joins;
    return open_cooperative_member(cluster.brokers(), std::move(threads));
  }

  token commit(std::int64_t next) { return who->commit(std::vector<position>{{{"t", 0}, next}}); }

  bool asks_to_join() {
    for (const auto until = steady::now() + 15s; !joins->is_joining() && steady::now() < until;)
      static_cast<void>(who.find<closed>(10ms)); // only waits, as `closed` never arrives
    return joins->is_joining();
  }
};

} // namespace

TEST_SUITE("commits" * doctest::timeout(120)) {
  TEST_CASE_FIXTURE(watched_member,
                    "a commit that is requested while the member joins is sent after the join") {
    // Without a delay, some versions of the mock cluster answer a join within a millisecond.
    cluster.fail_next(embedded_cluster::request::join_group, {14}); // COORDINATOR_LOAD_IN_PROGRESS
    who->subscribe(std::vector<std::string>{"t"});
    REQUIRE(asks_to_join());
    const auto asked = commit(3);
    const auto offer = who.expect<assigned>();
    CHECK_FALSE(joins->is_joining());
    const auto from = who->assign(offer.answer, all_at(offer.partitions, 0));
    const auto answer = who.expect<committed>();
    CHECK(answer.asked == asked);
    CHECK_FALSE(answer.failed.has_value());
    commit(4);
    CHECK_FALSE(who.expect<committed>().failed.has_value());
    leave(who);
  }

  TEST_CASE_FIXTURE(watched_member,
                    "a commit that waits for a join is not sent if the partitions are lost") {
    auto from = join(who, "t");
    joins->join_sent();
    const auto asked = commit(3);
    CHECK_FALSE(who.find<committed>(500ms).has_value());
    cluster.fail_next(embedded_cluster::request::heartbeat, {22}); // ILLEGAL_GENERATION
    const auto back = who.expect<revoked>();
    CHECK(back.lost);
    const auto answer = who.expect<committed>();
    CHECK(answer.asked == asked);
    CHECK(answer.failed.value().code == errc::fenced);
    from.clear();
    who->unassign(back.answer, back.partitions);
  }

  TEST_CASE_FIXTURE(
    watched_member,
    "a commit after a heartbeat response waits until the member knows whether it rejoins") {
    auto from = join(who, "t");
    joins->heartbeat_answered();
    const auto asked = commit(3);
    joins->join_sent(); // the heartbeat response announced a rebalance
    CHECK_FALSE(who.find<committed>(500ms).has_value());
    cluster.fail_next(embedded_cluster::request::heartbeat, {27}); // REBALANCE_IN_PROGRESS
    const auto again = who.expect<assigned>();
    const auto answer = who.expect<committed>();
    CHECK(answer.asked == asked);
    CHECK_FALSE(answer.failed.has_value());
    who->assign(again.answer, {});
    joins->heartbeat_answered();
    commit(4);
    CHECK_FALSE(who.expect<committed>().failed.has_value());
    from.clear();
    leave(who);
  }

  TEST_CASE_FIXTURE(
    watched_member,
    "a member whose generation librdkafka forgot during a join keeps its partitions and rejoins") {
    who->subscribe(std::vector<std::string>{"t"});
    const auto offer = who.expect<assigned>();
    cluster.fail_next(embedded_cluster::request::offset_commit, {22}); // ILLEGAL_GENERATION
    commit(3);
    CHECK(who.expect<committed>().positions.at(0).failed.value().code == errc::fenced);
    auto from = who->assign(offer.answer, all_at(offer.partitions, 0));
    const auto waits = commit(4);
    const auto again = who.expect<assigned>();
    CHECK(again.partitions.empty());
    CHECK(again.generation == offer.generation + 1);
    const auto answer = who.expect<committed>();
    CHECK(answer.asked == waits);
    CHECK_FALSE(answer.positions.at(0).failed.has_value());
    who->assign(again.answer, {});
    CHECK_FALSE(who.find<revoked>(1s).has_value());
    from.clear();
    leave(who);
  }

  TEST_CASE_FIXTURE(watched_member,
                    "a closing member sends commits until it has given back its partitions") {
    auto from = join(who, "t");
    const auto asked = commit(3);
    who->close();
    const auto answer = who.expect<committed>();
    CHECK(answer.asked == asked);
    CHECK_FALSE(answer.failed.has_value());
    from.clear();
    const auto back = who.expect<revoked>();
    const auto last = commit(4);
    const auto stored = who.expect<committed>();
    CHECK(stored.asked == last);
    CHECK_FALSE(stored.failed.has_value());
    who->unassign(back.answer, back.partitions);
    commit(5); // too late
    CHECK(who.expect<committed>().failed.value().code == errc::closed);
    who.expect<closed>();
  }

  TEST_CASE_FIXTURE(watched_member, "commits that wait for a join are sent at close") {
    const auto asked = commit(3); // the member knows no coordinator yet
    joins->join_sent();
    who->close();
    const auto answer = who.expect<committed>();
    CHECK(answer.asked == asked);
    CHECK_FALSE(answer.failed.has_value());
    who.expect<closed>();
  }
}
