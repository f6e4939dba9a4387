// Which partitions share a worker, when workers start, and which worker serves a partition.

#include <ottla/kafka/consumer/group_requests.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

struct two_topics : group_stage {
  const topic_partition other{"u", 0};

  two_topics() {
    group().topics = {"t", "u"};
    group().allocation = worker_allocation::per_partition;
  }

  caf::actor worker_of(std::int32_t partition) const { return named(worker_name(partition)); }
};

/// One worker serves three partitions, and fails at one of them.
struct one_bad_partition : two_topics {
  const topic_partition last{"v", 0};

  one_bad_partition() {
    group().worker_restarts = {.first = 1s, .longest = 4s, .at_once = 1, .healthy_after = 1h};
  }

  /// Has a subcase for each partition.
  topic_partition first_middle_or_last() const {
    auto bad = zero;
    SUBCASE("the first partition is bad") {}
    SUBCASE("the middle partition is bad") {
      bad = other;
    }
    SUBCASE("the last partition is bad") {
      bad = last;
    }
    return bad;
  }

  void check_all_but_one_are_committed(const topic_partition& bad) const {
    for (const auto& where : {zero, other, last})
      CHECK(kafka->group[where] == (where == bad ? 0 : 12));
  }
};

} // namespace

TEST_SUITE("worker allocation") {
  TEST_CASE_FIXTURE(two_topics,
                    "per_topic_partition gives each partition of each topic its own worker") {
    group().allocation = worker_allocation::per_topic_partition;
    open_with({zero, one, other});
    CHECK(worker(zero));
    CHECK(worker(other));
    CHECK(worker(zero) != worker(other));
    CHECK(handlers->alive == 3);
    const auto found = ask<worker_found>(*this, named("group_manager"), find_worker{other});
    CHECK(found.answer.value().process == worker(other));
  }

  TEST_CASE_FIXTURE(two_topics,
                    "per_partition gives partitions of the same number in all topics one worker") {
    open_with({zero, one, other});
    CHECK(worker_of(0));
    CHECK(worker_of(1));
    CHECK(handlers->alive == 2);
    CHECK(handlers->happened() == "start t/0@0, start u/0@0, start t/1@0");
    append(zero, 2);
    append(other, 3);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@2 u/0@3");
  }

  TEST_CASE_FIXTURE(two_topics,
                    "a worker of several partitions handles one batch of each in turn") {
    kafka->append(zero, 12);
    kafka->append(other, 12);
    open_with({zero, other});
    CHECK(handlers->happened()
          == "start t/0@0, start u/0@0, t/0[0..4], u/0[0..4], t/0[5..9], u/0[5..9], t/0[10..11], "
             "u/0[10..11]");
  }

  TEST_CASE_FIXTURE(
    two_topics,
    "the replacement of a failed worker resumes each of its partitions after the last ack") {
    bool thrown = false;
    handlers->on_batch = [&](const assignment&, batch what) {
      if (what.from() == other && what.front().offset() == 5 && !std::exchange(thrown, true))
        throw std::runtime_error{"bad"};
      return ack();
    };
    kafka->append(zero, 10);
    kafka->append(other, 10);
    open_with({zero, other});
    CHECK(handlers->happened()
          == "start t/0@0, start u/0@0, t/0[0..4], u/0[0..4], t/0[5..9], u/0[5..9], start t/0@10, "
             "start u/0@5, u/0[5..9]");
    let_commit();
    CHECK(kafka->happened() == "commit t/0@10 u/0@10");
  }

  TEST_CASE_FIXTURE(
    one_bad_partition,
    "a message that crashes every worker does not block the worker's other partitions") {
    const auto bad = first_middle_or_last();
    handlers->on_batch = [&](const assignment&, batch what) {
      if (what.from() == bad)
        throw std::runtime_error{"bad"};
      return ack();
    };
    for (const auto& where : {zero, other, last})
      kafka->append(where, 12);
    open_with({zero, other, last});
    time.advance(10s);
    let_commit();
    check_all_but_one_are_committed(bad);
    const auto tries = [&] {
      return std::ranges::count(std::exchange(handlers->lines, {}), to_string(bad) + "[0..4]");
    };
    CHECK(tries() >= 3);
    // The pauses have grown to their maximum of 4 s.
    time.advance(40s);
    CHECK(tries() == 10);
    handlers->on_batch = nullptr;
    time.advance(4s);
    let_commit();
    CHECK(kafka->group[bad] == 12);
  }

  TEST_CASE_FIXTURE(
    one_bad_partition,
    "a partition that the driver cannot fetch does not block the worker's other partitions") {
    const auto bad = first_middle_or_last();
    kafka->logs[bad].fails_for_ever = true;
    kafka->fail_partition(bad, {.code = errc::other, .text = "bad checksum"});
    for (const auto& where : {zero, other, last})
      if (where != bad)
        kafka->append(where, 12);
    open_with({zero, other, last});
    time.advance(20s);
    let_commit();
    check_all_but_one_are_committed(bad);
  }

  TEST_CASE_FIXTURE(
    two_topics,
    "adding or revoking a partition replaces the worker, and no message is handled twice") {
    open_with({zero});
    append(zero, 3);
    const auto before = worker_of(0);
    give({other});
    CHECK(worker_of(0));
    CHECK(worker_of(0) != before);
    CHECK(handlers->happened() == "start t/0@0, t/0[0..2], start t/0@3, start u/0@0");
    append(other, 1);
    kafka->asked.clear();
    kafka->take_back({zero});
    time.run();
    // The acknowledged offset of t/0 was committed together with the beginning of u/0.
    CHECK(kafka->happened() == "unassign t/0");
    CHECK(kafka->group[zero] == 3);
    CHECK(handlers->happened() == "u/0[0..0], start u/0@1");
    append(other, 1);
    CHECK(handlers->happened() == "u/0[1..1]");
    CHECK(handlers->alive == 1);
  }

  TEST_CASE_FIXTURE(two_topics,
                    "a restarted group manager recognizes the partitions of each worker") {
    open_with({zero, other, one});
    const auto first = worker_of(0);
    const auto second = worker_of(1);
    kill_named("group_manager");
    time.advance(100ms);
    CHECK(worker_of(0) == first);
    CHECK(worker_of(1) == second);
    CHECK(handlers->alive == 2);
    kafka->asked.clear();
    kafka->take_back({other});
    time.run();
    CHECK(kafka->happened() == "unassign u/0");
    CHECK(worker_of(1) == second);
    CHECK(worker_of(0) != first);
  }

  TEST_CASE_FIXTURE(group_stage,
                    "workers start after rebalance_delay has passed since the assignment") {
    group().rebalance_delay = 2s;
    kafka->append(zero, 2);
    open_with({zero});
    time.advance(1999ms);
    CHECK(handlers->leases.empty());
    SUBCASE("the delay passes") {
      time.advance(1ms);
      CHECK(handlers->happened() == "start t/0@0, t/0[0..1]");
    }
    SUBCASE("a partition that is revoked during the delay starts no worker") {
      kafka->take_back({zero});
      time.run();
      CHECK(kafka->happened() == "unassign t/0");
      time.advance(1min);
      CHECK(handlers->leases.empty());
    }
    SUBCASE("a partition that is assigned again during the delay waits for the whole delay") {
      kafka->take_back({zero});
      time.run();
      give({zero});
      time.advance(1999ms);
      CHECK(handlers->leases.empty());
      time.advance(1ms);
      CHECK(handlers->leases.size() == 1);
    }
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "find_worker returns the worker of an owned partition, and null for other partitions") {
    open_with({zero});
    const auto found = ask<worker_found>(*this, named("group_manager"), find_worker{zero});
    CHECK(found.answer.value().process == worker(zero));
    CHECK_FALSE(
      ask<worker_found>(*this, named("group_manager"), find_worker{one}).answer.value().process);
  }

  TEST_CASE_FIXTURE(group_stage,
                    "find_worker waits until a restarted group manager knows its workers") {
    open_with({zero});
    const auto before = named("group_manager");
    kill(before);
    while (!named("group_manager") || named("group_manager") == before)
      REQUIRE(time.step());
    const auto manager = named("group_manager");
    const auto ours = ask_later<worker_found>(*this, manager, find_worker{zero});
    const auto not_ours = ask_later<worker_found>(*this, manager, find_worker{one});
    time.advance(1s);
    REQUIRE(ours->answer.has_value());
    CHECK(ours->answer->process == worker(zero));
    REQUIRE(not_ours->answer.has_value());
    CHECK_FALSE(not_ours->answer->process);
  }

  TEST_CASE_FIXTURE(group_stage, "find_worker fails if the worker has not started for a minute") {
    handlers->at_start = [](const assignment&) { throw std::runtime_error{"no database"}; };
    open_with({zero});
    const auto asked = ask_later<worker_found>(*this, named("group_manager"), find_worker{zero});
    time.advance(59s);
    CHECK_FALSE(asked->failed);
    time.advance(2s);
    REQUIRE(asked->failed);
    CHECK(to_string(*asked->failed).find("the worker of t/0 has not started for a minute")
          != std::string::npos);
    handlers->at_start = nullptr;
  }

  TEST_CASE_FIXTURE(two_topics, "find_worker does not return a worker that lacks the partition") {
    open_with({zero});
    CHECK_FALSE(
      ask<worker_found>(*this, named("group_manager"), find_worker{other}).answer.value().process);
    time.hang(worker_of(0));
    give({other});
    const auto asked = ask_later<worker_found>(*this, named("group_manager"), find_worker{other});
    time.run();
    CHECK_FALSE(asked->answer.has_value());
    kafka->take_back({other}, true);
    time.run();
    REQUIRE(asked->answer.has_value());
    CHECK_FALSE(asked->answer->process);
  }

  TEST_CASE_FIXTURE(group_stage,
                    "find_worker waits while the worker of the partition is being replaced") {
    group().worker_restarts = {.first = 1s, .longest = 1s, .at_once = 0, .healthy_after = 1h};
    open_with({zero});
    kill_named("worker/t/0");
    const auto asked = ask_later<worker_found>(*this, named("group_manager"), find_worker{zero});
    time.run();
    CHECK_FALSE(asked->answer.has_value());
    SUBCASE("until the replacement has started") {
      time.advance(1s);
      REQUIRE(asked->answer.has_value());
      CHECK(asked->answer->process);
      CHECK(asked->answer->process == worker(zero));
    }
    SUBCASE("until the partition is revoked, and then returns null") {
      kafka->take_back({zero});
      time.run();
      REQUIRE(asked->answer.has_value());
      CHECK_FALSE(asked->answer->process);
    }
    SUBCASE("until the group manager ends, and then fails") {
      kill_named("group_manager");
      CHECK(asked->failed.has_value());
    }
  }
}
