// Requests of a program to a group at run time.

#include <ottla/kafka/consumer/group_requests.hpp>
#include <ottla/kafka/health.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

struct asking : group_stage {
  template <class Answer, class Request>
  std::string topics(Request request) {
    const auto heard = ask<Answer>(*this, named("coordinator"), std::move(request));
    return heard.answer ? fmt::format("{}", fmt::join(heard.answer->topics, " "))
                        : to_string(heard.failed.value());
  }

  std::string lag() {
    const auto heard = ask<lag_report>(*this, named("coordinator"), get_lag{});
    if (!heard.answer)
      return to_string(heard.failed.value());
    std::string text;
    for (const auto& one : heard.answer->partitions)
      text += fmt::format("{}{} {}..{} {}", text.empty() ? "" : ", ", to_string(one.where),
                          one.next, one.end, one.lag());
    return text;
  }

  std::string committed() {
    const auto heard = ask<committed_offsets>(*this, named("coordinator"), get_committed_offsets{});
    std::string text;
    for (const auto& one : heard.answer.value().partitions)
      text += fmt::format("{}{}@{}", text.empty() ? "" : ", ", to_string(one.where), one.offset);
    return text;
  }
};

} // namespace

TEST_SUITE("group requests") {
  TEST_CASE_FIXTURE(asking, "subscribe_topics subscribes new topics and ignores known topics") {
    open();
    CHECK(topics<subscription>(get_subscription{}) == "t");
    CHECK(topics<subscription>(subscribe_topics{{"u", "t", "u"}}) == "t u");
    CHECK(kafka->happened() == "subscribe t u");
    CHECK(topics<subscription>(subscribe_topics{{"u"}}) == "t u");
    CHECK(kafka->happened() == "");
    CHECK(topics<subscription>(get_subscription{}) == "t u");
  }

  TEST_CASE_FIXTURE(asking,
                    "a topic that is added during a topic look-up is not reported missing") {
    kafka->describes = reply::withheld();
    open();
    topics<subscription>(subscribe_topics{{"u"}});
    kafka->describes = {};
    kafka->last_description(kafka->known_of({"t"}));
    time.run();
    CHECK(kafka->happened() == "subscribe t u");
    CHECK(kafka->descriptions == 2);
    give({zero});
    CHECK(ask<health_report>(*this, named("health"), get_health{}).answer.value().reasons.empty());
  }

  TEST_CASE_FIXTURE(asking,
                    "a replacement coordinator keeps the topics that were subscribed at run time") {
    open();
    topics<subscription>(subscribe_topics{{"u"}});
    kafka->asked.clear();
    kill_named("coordinator");
    CHECK(kafka->happened() == "leave, open g, subscribe t u");
  }

  TEST_CASE_FIXTURE(asking, "requests with invalid topic names are rejected and change nothing") {
    open();
    CHECK(topics<subscription>(subscribe_topics{{"u", ""}})
          == "crashed: group \"g\": a topic must not be empty, got \"\"");
    CHECK(topics<subscription>(subscribe_topics{})
          == "crashed: group \"g\": topics must not be empty");
    CHECK(topics<paused_topics>(pause_topics{{std::string{"a\nb"}}})
          == "crashed: group \"g\": a topic must not contain control characters");
    CHECK(
      topics<subscription>(subscribe_topics{{"^["}})
      == "crashed: group \"g\": topic \"^[\" must have at most 249 characters of A-Z, a-z, 0-9, "
         "'.', '_' and '-', and must not be \".\" or \"..\"");
    CHECK(topics<subscription>(get_subscription{}) == "t");
    CHECK(kafka->happened() == "");
  }

  TEST_CASE_FIXTURE(asking,
                    "messages of a paused topic are not handled until the topic is resumed") {
    open_with({zero});
    CHECK(topics<paused_topics>(pause_topics{{"t"}}) == "t");
    append(zero, 7);
    time.advance(1min);
    CHECK(handlers->happened() == "start t/0@0");
    CHECK(kafka->joins == 1);
    CHECK(topics<paused_topics>(resume_topics{{"t"}}) == "");
    CHECK(handlers->happened() == "t/0[0..4], t/0[5..6]");
    CHECK(kafka->happened() == "");
  }

  TEST_CASE_FIXTURE(asking,
                    "a pause survives rebalances and the deaths of workers and the coordinator") {
    kafka->append(zero, 3);
    open();
    topics<paused_topics>(pause_topics{{"t"}});
    give({zero});
    kill_named("worker/t/0");
    kill_named("coordinator");
    give({zero});
    CHECK(handlers->leases.size() == 3);
    CHECK(kafka->batches_alive == 0);
    topics<paused_topics>(resume_topics{{"t"}});
    CHECK(handlers->lines.back() == "t/0[0..2]");
  }

  TEST_CASE_FIXTURE(
    asking,
    "messages that a busy worker has not taken before a pause are handled after the resume") {
    open_with({zero});
    const auto busy = worker(zero);
    time.hang(busy);
    append(zero, 7);
    topics<paused_topics>(pause_topics{{"t"}});
    time.wake(busy);
    let_commit();
    CHECK(kafka->happened() == "");
    topics<paused_topics>(resume_topics{{"t"}});
    let_commit();
    CHECK(kafka->happened() == "commit t/0@7");
  }

  TEST_CASE_FIXTURE(
    asking, "the lag of a partition counts from the first unacknowledged offset to the log's end") {
    handlers->on_batch = [](const assignment& lease, batch what) {
      return lease.where.partition == 0 && what.front().offset() == 5 ? no_ack() : ack();
    };
    open_with({zero, one});
    append(zero, 12);
    append(one, 3);
    kafka->asked.clear();
    CHECK(lag() == "t/0 5..12 7, t/1 3..3 0");
    CHECK(kafka->happened() == "look up t/0 t/1");
  }

  TEST_CASE_FIXTURE(asking, "get_lag is empty without partitions, and fails if no broker answers") {
    open();
    CHECK(lag() == "");
    give({zero});
    kafka->resolves = reply::failing(errc::timed_out);
    CHECK(lag() == "crashed: t/0: timed_out: no luck");
  }

  TEST_CASE_FIXTURE(asking, "get_lag answers at once while the first offsets are being resolved") {
    open();
    kafka->resolves = reply::withheld();
    give({zero});
    const auto before = time.now();
    CHECK(lag() == "");
    CHECK(time.now() == before);
  }

  TEST_CASE_FIXTURE(
    asking, "the failed look-up of a partition that was given up meanwhile fails no lag report") {
    append(one, 3);
    open_with({zero, one});
    kafka->resolves = reply::withheld();
    const auto look_up = kafka->next_token() + 1;
    const auto asked = ask_later<lag_report>(*this, named("coordinator"), get_lag{});
    time.run();
    kafka->take_back({zero});
    time.run();
    kafka->push(ends_known{
      .asked = look_up,
      .ends = {{zero, -1, error{.code = errc::timed_out, .text = "no luck"}}, {one, 8}}});
    time.run();
    REQUIRE(asked->answer.has_value());
    REQUIRE(asked->answer->partitions.size() == 1);
    CHECK(asked->answer->partitions.front().where == one);
    CHECK(asked->answer->partitions.front().lag() == 5);
  }

  TEST_CASE_FIXTURE(asking, "a pending get_lag fails when the coordinator ends") {
    open_with({zero});
    kafka->resolves = reply::withheld();
    const auto asked = ask_later<lag_report>(*this, named("coordinator"), get_lag{});
    time.run();
    CHECK_FALSE(asked->failed.has_value());
    kill_named("coordinator");
    CHECK(asked->failed.has_value());
  }

  TEST_CASE_FIXTURE(asking, "a pending get_lag fails when the group is aborted") {
    open_with({zero});
    kafka->resolves = reply::withheld();
    const auto asked = ask_later<lag_report>(*this, named("coordinator"), get_lag{});
    time.run();
    CHECK(ask<group_aborted>(*this, named("coordinator"), abort_group{}).answer.has_value());
    CHECK(asked->failed.has_value());
  }

  TEST_CASE_FIXTURE(asking,
                    "concurrent get_lag requests for the same partitions share one look-up") {
    append(zero, 3);
    open_with({zero});
    kafka->resolves = reply::withheld();
    const auto look_up = kafka->next_token() + 1;
    const auto first = ask_later<lag_report>(*this, named("coordinator"), get_lag{});
    const auto second = ask_later<lag_report>(*this, named("coordinator"), get_lag{});
    time.run();
    CHECK(kafka->happened() == "look up t/0");
    // A request for other partitions needs its own look-up.
    kafka->resolves = {};
    give({one});
    kafka->resolves = reply::withheld();
    kafka->asked.clear();
    ask_later<lag_report>(*this, named("coordinator"), get_lag{});
    time.run();
    CHECK(kafka->happened() == "look up t/0 t/1");
    kafka->push(ends_known{.asked = look_up, .ends = {{zero, 8}}});
    time.run();
    REQUIRE(first->answer.has_value());
    REQUIRE(second->answer.has_value());
    CHECK(second->answer->partitions.at(0).lag() == 5);
  }

  TEST_CASE_FIXTURE(
    asking,
    "get_committed_offsets returns the broker's committed offset of each assigned partition") {
    kafka->skip(one, 9);
    kafka->group[one] = 4;
    open_with({zero, one});
    CHECK(committed() == "t/0@0, t/1@4");
    append(zero, 3);
    CHECK(committed() == "t/0@0, t/1@4");
    let_commit();
    CHECK(committed() == "t/0@3, t/1@9");
    kafka->take_back({one});
    time.run();
    CHECK(committed() == "t/0@3");
  }

  TEST_CASE_FIXTURE(asking, "abort_group leaves the group at once without committing") {
    group().commit_interval = 1h;
    open_with({zero, one});
    append(zero, 3);
    const auto busy = worker(one);
    time.hang(busy);
    append(one, 3);
    const auto before = time.now();
    CHECK(ask<group_aborted>(*this, named("coordinator"), abort_group{}).answer.has_value());
    CHECK(time.now() == before);
    CHECK(kafka->happened() == "close, unassign t/0 t/1, leave");
    CHECK(kafka->group[zero] == 0);
    CHECK(notes->saw("lost t/0 t/1"));
    CHECK(ask<group_aborted>(*this, named("coordinator"), abort_group{}).answer.has_value());
    time.wake(busy);
    time.advance(1min);
    CHECK(kafka->group[zero] == 0);
    CHECK(handlers->alive == 0);
    CHECK(kafka->joins == 1);
    ask_to_end(root);
    CHECK(kafka->group[zero] == 0);
  }

  TEST_CASE_FIXTURE(asking, "an aborted group rejoins only after a new start, not after a crash") {
    open_with({zero});
    ask<group_aborted>(*this, named("coordinator"), abort_group{});
    kill_named("coordinator");
    time.advance(1min);
    CHECK(kafka->joins == 1);
    ask_to_end(root);
    open();
    CHECK(kafka->joins == 2);
  }

  TEST_CASE_FIXTURE(asking, "an aborted group is stalled in health until the connection restarts") {
    const std::string aborted
      = "stalled: coordinator: aborted: no messages are consumed until the connection restarts";
    const auto abort
      = [&] { CHECK(ask<group_aborted>(*this, named("coordinator"), abort_group{}).answer); };
    SUBCASE("with partitions") {
      open_with({zero});
      abort();
    }
    SUBCASE("before the first assignment") {
      open();
      abort();
    }
    SUBCASE("in a pause between two Kafka handles") {
      open_with({zero});
      for (int times = 0; times < 2; ++times) {
        kafka->push(handle_failed{{.code = errc::other, .fatal = true, .text = "finished"}});
        time.run();
      }
      REQUIRE(kafka->member == nullptr);
      abort();
    }
    SUBCASE("when the coordinator is asked to end before the abort") {
      open_with({zero});
      append(zero, 3);
      kafka->commits = reply::withheld();
      request_exit(named("coordinator"), to_error(exit_reason::shutdown()));
      time.run();
      abort();
      kafka->commits = {};
      time.advance(1min);
    }
    SUBCASE("when the coordinator is killed after the abort") {
      open_with({zero});
      abort();
      kill_named("coordinator");
    }
    CHECK(health() == aborted);
    time.advance(10min);
    CHECK(health() == aborted);
    ask_to_end(root);
    open_with({zero});
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(asking,
                    "abort_group is answered after 0.9 s if the group does not confirm the leave") {
    kafka->closes = reply::withheld();
    open_with({zero});
    const auto asked = ask_later<group_aborted>(*this, named("coordinator"), abort_group{});
    time.advance(899ms);
    CHECK_FALSE(asked->answer.has_value());
    time.advance(1ms);
    CHECK(asked->answer.has_value());
    CHECK(kafka->member == nullptr);
  }

  TEST_CASE_FIXTURE(asking,
                    "abort_group is answered during a rebalance whose drain is unfinished") {
    group().drain_within = 4min;
    open_with({zero});
    time.hang(worker(zero));
    append(zero, 1);
    kafka->take_back({zero});
    time.run();
    CHECK(ask<group_aborted>(*this, named("coordinator"), abort_group{}).answer.has_value());
    CHECK(kafka->happened() == "unassign t/0, close, leave");
  }
}
