// What a group member must do at its end: commit and leave within the stop's deadline, and report
// what was not confirmed.

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
    settings.producers.clear();
  }

  /// Stops the connection as an application does.
  void stop_within(std::chrono::nanoseconds within) {
    tree->stop.begin(time.now().time_since_epoch(), within);
    ask_to_end(root);
  }

  void answer_commit(std::optional<error> failed = std::nullopt) {
    REQUIRE(kafka->member != nullptr);
    const auto asked = kafka->member->last_commit;
    kafka->answer_commit(asked.asked, asked.positions, std::move(failed));
    time.run();
  }

  lines unfinished_lines() const { return tree->unfinished.lines(); }
};

} // namespace

TEST_SUITE("last commit") {
  TEST_CASE_FIXTURE(last_commit, "a stop waits for the last commit as long as it has time") {
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
  TEST_CASE_FIXTURE(last_commit,
                    "a last commit that waits for a join is sent after half the time") {
    open_with({zero});
    append(zero, 3);
    kafka->commits = reply::withheld();
    kafka->closes = reply::withheld();
    kafka->joining_again = true;
    stop_within(20s);
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

  TEST_CASE_FIXTURE(last_commit,
                    "after the last commit, a broker that hangs costs a quarter of what is left") {
    open_with({zero});
    append(zero, 3);
    kafka->commits = reply::withheld();
    kafka->closes = reply::withheld();
    kafka->joining_again = true;
    stop_within(20s);
    time.advance(10s);
    kafka->joining_again = false;
    answer_commit();
    time.advance(2s);
    CHECK(is_alive(root));
    time.advance(500ms);
    CHECK_FALSE(is_alive(root));
    CHECK(unfinished_lines()
          == lines{"c/group_supervisor/coordinator: group \"g\": the group did not confirm that it "
                   "is left"});
  }

  TEST_CASE_FIXTURE(last_commit, "a last commit without an answer is reported at the deadline") {
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
          == lines{"c/group_supervisor/coordinator: group \"g\": 7 acknowledged messages of 2 "
                   "partitions were not confirmed as committed and may come again",
                   "c/group_supervisor/coordinator: group \"g\": the group did not confirm that it "
                   "is left"});
    CHECK(notes->unfinished_texts.size() == 2);
  }

  TEST_CASE_FIXTURE(last_commit, "only what was acknowledged since the last commit is reported") {
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

  TEST_CASE_FIXTURE(last_commit, "a last commit that fails for now is tried again") {
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

  TEST_CASE_FIXTURE(last_commit, "a last commit that fails for good is reported at once") {
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

  TEST_CASE_FIXTURE(last_commit, "partitions that are lost during the stop are reported") {
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

  TEST_CASE_FIXTURE(last_commit, "with everything committed, the leave has a quarter of the stop") {
    open_with({zero});
    append(zero, 3);
    time.advance(1h);
    kafka->closes = reply::withheld();
    SUBCASE("a broker that hangs costs no more") {
      stop_within(20s);
      time.advance(4s);
      CHECK(is_alive(root));
      time.advance(1s);
      CHECK_FALSE(is_alive(root));
      CHECK(unfinished_lines()
            == lines{"c/group_supervisor/coordinator: group \"g\": the group did not confirm that "
                     "it is left"});
    }
    SUBCASE("a confirmation after four seconds is in time") {
      stop_within(20s);
      time.advance(4s);
      kafka->push(closed{});
      time.run();
      CHECK_FALSE(is_alive(root));
      CHECK(unfinished_lines().empty());
    }
    SUBCASE("a short stop gives it nearly a second") {
      stop_within(2s);
      time.advance(800ms);
      CHECK(is_alive(root));
      time.advance(100ms);
      CHECK_FALSE(is_alive(root));
    }
    SUBCASE("brokers that are known to be away get no more") {
      kafka->push(handle_failed{{.code = errc::unreachable, .retriable = true, .text = "gone"}});
      time.run();
      stop_within(20s);
      time.advance(900ms);
      CHECK_FALSE(is_alive(root));
    }
    SUBCASE("a long stop gives it ten seconds") {
      stop_within(10min);
      time.advance(9'900ms);
      CHECK(is_alive(root));
      time.advance(100ms);
      CHECK_FALSE(is_alive(root));
    }
  }

  // The broker answers such a member's request to leave once the other members have joined.
  TEST_CASE_FIXTURE(last_commit, "a member that is joining has the whole stop to leave") {
    open_with({zero});
    append(zero, 3);
    time.advance(1h);
    kafka->closes = reply::withheld();
    kafka->joining_again = true;
    stop_within(20s);
    time.advance(15s);
    CHECK(is_alive(root));
    SUBCASE("it is confirmed") {
      kafka->push(closed{});
      time.run();
      CHECK_FALSE(is_alive(root));
      CHECK(unfinished_lines().empty());
    }
    SUBCASE("it joins until the stop is over") {
      time.advance(5s);
      CHECK_FALSE(is_alive(root));
      CHECK(unfinished_lines().size() == 1);
    }
    SUBCASE("it has joined, and hangs") {
      kafka->joining_again = false;
      time.advance(2s);
      CHECK_FALSE(is_alive(root));
      CHECK(unfinished_lines().size() == 1);
    }
  }

  TEST_CASE_FIXTURE(last_commit, "all is confirmed: the stop takes no time and reports nothing") {
    open_with({zero});
    append(zero, 3);
    const auto before = time.now();
    stop_within(20s);
    CHECK_FALSE(is_alive(root));
    CHECK(time.now() == before);
    CHECK(kafka->group[zero] == 3);
    CHECK(unfinished_lines().empty());
  }

  TEST_CASE_FIXTURE(last_commit, "a handler that hangs leaves time for the last commit of others") {
    open_with({zero, one});
    append(zero, 3);
    const auto stuck = worker(one);
    time.hang(stuck);
    append(one, 2);
    stop_within(9s);
    time.advance(9s);
    CHECK_FALSE(is_alive(root));
    CHECK(kafka->group[zero] == 3);
    CHECK(kafka->group[one] == 0);
    CHECK(unfinished_lines().empty());
    time.wake(stuck);
    time.run();
  }

  TEST_CASE_FIXTURE(last_commit, "the same with a stop of one second") {
    open_with({zero, one});
    append(zero, 3);
    const auto stuck = worker(one);
    time.hang(stuck);
    append(one, 2);
    stop_within(1s);
    time.advance(1s);
    CHECK_FALSE(is_alive(root));
    CHECK(kafka->group[zero] == 3);
    time.wake(stuck);
    time.run();
  }

  TEST_CASE_FIXTURE(last_commit, "an abort that the group does not confirm is told") {
    open_with({zero});
    kafka->closes = reply::withheld();
    const auto asked = ask_later<group_aborted>(*this, named("coordinator"), abort_group{});
    time.advance(900ms);
    CHECK(asked->answer.has_value());
    CHECK(notes->unfinished_texts
          == lines{"group \"g\": the group did not confirm that it is left"});
  }

  TEST_CASE_FIXTURE(last_commit, "a revoke whose last commit is not confirmed is told") {
    open_with({zero});
    append(zero, 3);
    kafka->commits = reply::withheld();
    kafka->take_back({zero});
    time.run();
    time.advance(2s);
    CHECK(kafka->happened() == "commit t/0@3, unassign t/0");
    CHECK(notes->unfinished_texts
          == lines{"t/0: given up with 3 acknowledged messages that were not confirmed as "
                   "committed and may come again"});
  }

  TEST_CASE_FIXTURE(last_commit, "a group that hangs leaves time for records in flight") {
    settings.producers = {{.topic = "out"}};
    open_with({zero});
    append(zero, 3);
    kafka->commits = reply::withheld();
    kafka->closes = reply::withheld();
    produce what;
    what.records.push_back({.value = "x"});
    const auto asked = ask_later<produced>(*this, named("producer/out"), std::move(what));
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
