// How a group member commits and leaves within the stop's deadline, and how it reports a commit or
// a leave that was not confirmed.

#include <ottla/kafka/consumer/group_requests.hpp>
#include <ottla/kafka/producer/produce.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

struct last_commit : group_stage {
  using lines = std::vector<std::string>;

  last_commit() {
    group().commit_interval = 1h;
    settings.producing.reset();
  }

  /// Stops the connection as an application does.
  void stop_within(std::chrono::nanoseconds within) {
    tree->stop.begin(time.now().time_since_epoch(), within);
    ask_to_end(root);
  }

  /// Stops the connection while the member joins again. Three messages of partition `zero` are
  /// handled and not yet committed. The driver answers neither the commit nor the leave.
  void stop_while_joining(std::chrono::nanoseconds within) {
    open_with({zero});
    append(zero, 3);
    kafka->commits = reply::withheld();
    kafka->closes = reply::withheld();
    kafka->joining_again = true;
    stop_within(within);
  }

  /// Stops the connection while the handler of partition `one` hangs, and lets the time of the stop
  /// pass. Three messages of partition `zero` are handled and not yet committed. Returns the hung
  /// worker.
  caf::actor stop_beside_a_hung_handler(std::chrono::nanoseconds within) {
    open_with({zero, one});
    append(zero, 3);
    auto stuck = worker(one);
    time.hang(stuck);
    append(one, 2);
    stop_within(within);
    time.advance(within);
    return stuck;
  }

  void answer_commit(std::optional<error> failed = std::nullopt) {
    REQUIRE(kafka->member != nullptr);
    const auto asked = kafka->member->last_commit;
    kafka->answer_commit(asked.asked, asked.positions, std::move(failed));
    time.run();
  }

  /// Checks that the connection ends after more than `least`, and after `most` at the latest.
  void check_ends_between(std::chrono::nanoseconds least, std::chrono::nanoseconds most) {
    time.advance(least);
    CHECK(is_alive(root));
    time.advance(most - least);
    CHECK_FALSE(is_alive(root));
  }

  lines unfinished_lines() const { return tree->unfinished.lines(); }
};

} // namespace

TEST_SUITE("last commit") {
  TEST_CASE_FIXTURE(last_commit, "a stop waits for the last commit until the stop's deadline") {
    open_with({zero});
    append(zero, 3);
    kafka->commits = reply::withheld();
    stop_within(20s);
    time.advance(19s);
    CHECK(is_alive(root));
    answer_commit();
    CHECK_FALSE(is_alive(root));
    CHECK(kafka->group[zero] == 3);
    CHECK(unfinished_lines().empty());
    CHECK(notes->unfinished_texts.empty());
  }

  // A cooperative member sends no commit while it joins, and joins can take minutes.
  TEST_CASE_FIXTURE(
    last_commit,
    "the handle closes after half of the stop's time if the last commit waits for a join") {
    stop_while_joining(20s);
    kafka->asked.clear();
    time.advance(9'999ms);
    CHECK(kafka->happened().empty());
    time.advance(1ms);
    CHECK(kafka->happened() == "close");
    // The coordinator waits for the answer as long as the stop lasts.
    time.advance(9s);
    CHECK(is_alive(root));
    answer_commit();
    kafka->push(closed{});
    time.run();
    CHECK_FALSE(is_alive(root));
    CHECK(kafka->group[zero] == 3);
    CHECK(unfinished_lines().empty());
  }

  TEST_CASE_FIXTURE(
    last_commit,
    "the wait for the leave after the last commit takes a quarter of the remaining time") {
    stop_while_joining(20s);
    time.advance(10s);
    kafka->joining_again = false;
    answer_commit();
    check_ends_between(2s, 2'500ms);
    CHECK(unfinished_lines()
          == lines{"c/group_supervisor/coordinator: group \"g\": the group did not confirm the "
                   "leave"});
  }

  TEST_CASE_FIXTURE(last_commit,
                    "a last commit without an answer is reported at the stop's deadline") {
    open_with({zero, one});
    append(zero, 3);
    append(one, 4);
    kafka->commits = reply::withheld();
    kafka->closes = reply::withheld();
    stop_within(20s);
    time.advance(20s);
    CHECK_FALSE(is_alive(root));
    CHECK(count(process_event::kind::killed) == 0);
    CHECK(unfinished_lines()
          == lines{"c/group_supervisor/coordinator: group \"g\": up to 7 acknowledged messages of "
                   "2 partitions were not confirmed as committed and may be delivered again",
                   "c/group_supervisor/coordinator: group \"g\": the group did not confirm the "
                   "leave"});
    CHECK(notes->unfinished_texts.size() == 2);
  }

  TEST_CASE_FIXTURE(
    last_commit,
    "the report of a stop counts only messages acknowledged since the last confirmed commit") {
    open_with({zero, one});
    append(zero, 3);
    append(one, 4);
    group().commit_interval = 1h;
    time.advance(1h);
    CHECK(kafka->group[one] == 4);
    append(one, 2);
    kafka->commits = reply::withheld();
    stop_within(20s);
    time.advance(20s);
    REQUIRE(!unfinished_lines().empty());
    CHECK(unfinished_lines().front().find("2 acknowledged messages of 1 partitions")
          != std::string::npos);
  }

  TEST_CASE_FIXTURE(last_commit, "a last commit that fails with a retriable error is retried") {
    open_with({zero});
    append(zero, 3);
    kafka->commits = reply::failing(errc::unreachable);
    stop_within(20s);
    time.advance(5s);
    CHECK(is_alive(root));
    kafka->commits = {};
    time.advance(100ms);
    CHECK_FALSE(is_alive(root));
    CHECK(kafka->group[zero] == 3);
    CHECK(unfinished_lines().empty());
  }

  TEST_CASE_FIXTURE(last_commit,
                    "a last commit that fails permanently is reported at once and ends the stop") {
    open_with({zero});
    append(zero, 3);
    kafka->commits = {reply::kind::fail, {.code = errc::not_authorized, .text = "no"}};
    const auto before = time.now();
    stop_within(20s);
    CHECK_FALSE(is_alive(root));
    CHECK(time.now() == before);
    REQUIRE(unfinished_lines().size() == 1);
    CHECK(unfinished_lines().front().find("3 acknowledged messages") != std::string::npos);
  }

  TEST_CASE_FIXTURE(
    last_commit, "acknowledged messages of partitions that are lost during a stop are reported") {
    open_with({zero});
    append(zero, 3);
    kafka->commits = reply::withheld();
    stop_within(20s);
    kafka->take_back({zero}, true);
    time.run();
    answer_commit(error{.code = errc::fenced, .text = "another generation"});
    CHECK_FALSE(is_alive(root));
    REQUIRE(!unfinished_lines().empty());
    CHECK(unfinished_lines().front().find("3 acknowledged messages") != std::string::npos);
  }

  TEST_CASE_FIXTURE(
    last_commit,
    "the wait for the leave takes a quarter of the stop's time if all offsets are committed") {
    open_with({zero});
    append(zero, 3);
    time.advance(1h);
    kafka->closes = reply::withheld();
    SUBCASE("a broker that hangs is abandoned after five of 20 seconds") {
      stop_within(20s);
      check_ends_between(4s, 5s);
      CHECK(unfinished_lines()
            == lines{"c/group_supervisor/coordinator: group \"g\": the group did not confirm the "
                     "leave"});
    }
    SUBCASE("a leave that is confirmed after four of 20 seconds is not reported") {
      stop_within(20s);
      time.advance(4s);
      kafka->push(closed{});
      time.run();
      CHECK_FALSE(is_alive(root));
      CHECK(unfinished_lines().empty());
    }
    SUBCASE("a stop of two seconds waits 0.9 s") {
      stop_within(2s);
      check_ends_between(800ms, 900ms);
    }
    SUBCASE("a stop waits 0.9 s for brokers that are known to be unreachable") {
      kafka->push(handle_failed{{.code = errc::unreachable, .retriable = true, .text = "gone"}});
      time.run();
      stop_within(20s);
      time.advance(900ms);
      CHECK_FALSE(is_alive(root));
    }
    SUBCASE("a stop of ten minutes waits ten seconds") {
      stop_within(10min);
      check_ends_between(9'900ms, 10s);
    }
  }

  // The broker answers a joining member's leave request after the other members have joined.
  TEST_CASE_FIXTURE(last_commit,
                    "a member that is joining may take the whole stop's time to leave") {
    open_with({zero});
    append(zero, 3);
    time.advance(1h);
    kafka->closes = reply::withheld();
    kafka->joining_again = true;
    stop_within(20s);
    time.advance(15s);
    CHECK(is_alive(root));
    SUBCASE("the leave is confirmed") {
      kafka->push(closed{});
      time.run();
      CHECK_FALSE(is_alive(root));
      CHECK(unfinished_lines().empty());
    }
    SUBCASE("the join outlasts the stop") {
      time.advance(5s);
      CHECK_FALSE(is_alive(root));
      CHECK(unfinished_lines().size() == 1);
    }
    SUBCASE("the join ends, and the leave hangs") {
      kafka->joining_again = false;
      time.advance(2s);
      CHECK_FALSE(is_alive(root));
      CHECK(unfinished_lines().size() == 1);
    }
  }

  TEST_CASE_FIXTURE(
    last_commit, "a stop whose commit and leave are confirmed takes no time and reports nothing") {
    open_with({zero});
    append(zero, 3);
    const auto before = time.now();
    stop_within(20s);
    CHECK_FALSE(is_alive(root));
    CHECK(time.now() == before);
    CHECK(kafka->group[zero] == 3);
    CHECK(unfinished_lines().empty());
  }

  TEST_CASE_FIXTURE(last_commit, "a hung handler leaves time for the last commit of other "
                                 "partitions in a stop of nine seconds") {
    const auto stuck = stop_beside_a_hung_handler(9s);
    CHECK_FALSE(is_alive(root));
    CHECK(kafka->group[zero] == 3);
    CHECK(kafka->group[one] == 0);
    CHECK(unfinished_lines().empty());
    time.wake(stuck);
    time.run();
  }

  TEST_CASE_FIXTURE(
    last_commit,
    "a hung handler leaves time for the last commit of other partitions in a stop of one second") {
    const auto stuck = stop_beside_a_hung_handler(1s);
    CHECK_FALSE(is_alive(root));
    CHECK(kafka->group[zero] == 3);
    time.wake(stuck);
    time.run();
  }

  TEST_CASE_FIXTURE(last_commit,
                    "an abort whose leave is not confirmed within 0.9 s is answered and reported") {
    open_with({zero});
    kafka->closes = reply::withheld();
    const auto asked = ask_later<group_aborted>(*this, named("coordinator"), abort_group{});
    time.advance(900ms);
    CHECK(asked->answer.has_value());
    CHECK(notes->unfinished_texts == lines{"group \"g\": the group did not confirm the leave"});
  }

  TEST_CASE_FIXTURE(last_commit, "a revoke whose last commit is not confirmed is reported") {
    open_with({zero});
    append(zero, 3);
    kafka->commits = reply::withheld();
    kafka->take_back({zero});
    time.run();
    time.advance(2s);
    CHECK(kafka->happened() == "commit t/0@3, unassign t/0");
    CHECK(notes->unfinished_texts
          == lines{"t/0: revoked with up to 3 acknowledged messages that were not confirmed as "
                   "committed and may be delivered again"});
  }

  TEST_CASE_FIXTURE(last_commit,
                    "a group that hangs leaves time for producers' records in flight") {
    settings.producing.emplace();
    open_with({zero});
    append(zero, 3);
    kafka->commits = reply::withheld();
    kafka->closes = reply::withheld();
    produce what{.topic = "out"};
    what.records.push_back({.value = "x"});
    const auto asked = ask_later<produced>(*this, named("producer"), std::move(what));
    time.run();
    stop_within(10s);
    time.advance(9'500ms);
    CHECK_FALSE(named("coordinator"));
    REQUIRE(kafka->sender != nullptr);
    kafka->sender->deliver();
    kafka->sender->push(closed{});
    time.run();
    CHECK_FALSE(is_alive(root));
    CHECK(asked->answer.value().stored == 1);
    CHECK(unfinished_lines().size() == 2);
  }
}
