// The effects of a handler's verdicts, and how a worker takes its turns.

#include <ottla/kafka/internal/group/group_messages.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

/// Returns the verdict for the first offset of a batch. All other batches get ack().
std::function<verdict(const assignment&, batch)> judging(std::map<std::int64_t, verdict> by_first) {
  return [by_first = std::move(by_first)](const assignment&, batch what) {
    const auto found = by_first.find(what.front().offset());
    return found == by_first.end() ? ack() : found->second;
  };
}

} // namespace

TEST_SUITE("verdict") {
  TEST_CASE_FIXTURE(group_stage,
                    "ack acknowledges its batch and earlier batches with the verdict carry_on") {
    handlers->on_batch = judging({{0, carry_on()}, {5, carry_on()}});
    open_with({zero});
    append(zero, 8);
    let_commit();
    CHECK(kafka->happened() == "");
    append(zero, 2);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@10");
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "ack_until acknowledges a part of the batch, and a later ack acknowledges the rest") {
    handlers->on_batch = judging({{0, ack_until(2)}});
    open_with({zero});
    append(zero, 5);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@3");
    append(zero, 1);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@6");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "ack_until never acknowledges messages that the handler has not seen") {
    handlers->on_batch = judging({{0, ack_until(1000)}, {5, no_ack()}});
    open_with({zero});
    append(zero, 5);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@5");
    append(zero, 5);
    append(zero, 5);
    let_commit();
    CHECK(kafka->happened() == "");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "ack_until with an offset below the acknowledged offset has no effect") {
    handlers->on_batch = judging({{5, ack_until(1)}});
    open_with({zero});
    append(zero, 10);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@5");
    append(zero, 1);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@11");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "no_ack blocks the commit until a new worker acknowledges the batch") {
    handlers->on_batch = judging({{5, no_ack()}});
    open_with({zero});
    append(zero, 15);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@5");
    handlers->lines.clear();
    handlers->on_batch = nullptr;
    kill_named("worker/t/0");
    CHECK(handlers->happened() == "start t/0@5, t/0[5..9], t/0[10..14]");
    let_commit();
    CHECK(kafka->happened() == "commit t/0@15");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "a later ack_until does not acknowledge a batch that no_ack rejected") {
    handlers->on_batch = judging({{0, no_ack()}, {5, ack_until(2)}});
    open_with({zero});
    append(zero, 11);
    time.advance(1min);
    CHECK(kafka->happened() == "");
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "ack_until with the largest offset acknowledges the messages that the handler has seen") {
    handlers->on_batch = judging({{0, ack_until(std::numeric_limits<std::int64_t>::max())}});
    open_with({zero});
    append(zero, 5);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@5");
  }

  TEST_CASE_FIXTURE(group_stage, "no_ack rejects its own batch only, and the next ack acknowledges "
                                 "earlier batches with the verdict carry_on") {
    handlers->on_batch = judging({{0, carry_on()}, {5, no_ack()}, {10, carry_on()}});
    open_with({zero});
    append(zero, 15);
    let_commit();
    CHECK(kafka->happened() == "");
    append(zero, 5);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@5");
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "a worker takes batches until the window is full, and continues when the window has room") {
    handlers->on_batch = judging({{0, no_ack()}});
    open_with({zero});
    append(zero, 50);
    CHECK(handlers->lines.back() == "t/0[15..19]");
    time.advance(1min);
    CHECK(handlers->lines.back() == "t/0[15..19]");
    handlers->on_batch = nullptr;
    kill_named("worker/t/0");
    CHECK(handlers->lines.back() == "t/0[45..49]");
    let_commit();
    CHECK(kafka->group[zero] == 50);
  }

  TEST_CASE_FIXTURE(group_stage,
                    "an ack empties a full window of batches with the verdict carry_on") {
    // At the last of 20 open messages, the handler acknowledges all 20.
    handlers->on_batch = [](const assignment&, batch what) {
      return what.back().offset() % 20 == 19 ? ack() : carry_on();
    };
    open_with({zero});
    append(zero, 100);
    CHECK(handlers->lines.back() == "t/0[95..99]");
    let_commit();
    CHECK(kafka->group[zero] == 100);
  }

  TEST_CASE_FIXTURE(group_stage,
                    "batches with the verdict carry_on and no later ack fill the window") {
    handlers->on_batch = [](const assignment&, batch) { return carry_on(); };
    open_with({zero});
    append(zero, 50);
    time.advance(1min);
    CHECK(handlers->lines.back() == "t/0[15..19]");
    CHECK(kafka->happened() == "");
  }
}

TEST_SUITE("worker") {
  TEST_CASE_FIXTURE(
    group_stage,
    "killed workers of two partitions are replaced, and each resumes after its last ack") {
    kafka->skip(one, 9);
    kafka->group[one] = 7;
    open_with({zero, one});
    append(zero, 1);
    append(one, 1);
    CHECK(handlers->happened() == "start t/0@0, start t/1@7, t/0[0..0], t/1[9..9]");
    kill_named("worker/t/0");
    append(zero, 1);
    append(one, 1);
    CHECK(handlers->happened() == "start t/0@1, t/0[1..1], t/1[10..10]");
    kill_named("worker/t/1");
    append(zero, 1);
    append(one, 1);
    CHECK(handlers->happened() == "start t/1@11, t/0[2..2], t/1[11..11]");
    let_commit();
    CHECK(kafka->happened() == "commit t/0@3 t/1@12");
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "a replacement resumes at the partition's first offset if no message was acknowledged") {
    handlers->on_batch = [](const assignment&, batch) { return carry_on(); };
    kafka->append(one, 9);
    kafka->group[one] = 7;
    open_with({one});
    CHECK(handlers->happened() == "start t/1@7, t/1[7..8]");
    kill_named("worker/t/1");
    CHECK(handlers->happened() == "start t/1@7, t/1[7..8]");
    CHECK(kafka->happened() == "");
  }

  TEST_CASE_FIXTURE(
    group_stage, "a worker whose partition fails ends with the partition's error as its reason") {
    open_with({zero});
    kafka->fail_partition(zero, {.code = errc::not_authorized, .text = "no"});
    time.run();
    const auto tells = [](const process_event& event) {
      return event.what == process_event::kind::ended && event.path.ends_with("worker/t/0")
             && to_string(event).find("t/0: not_authorized: no") != std::string::npos;
    };
    CHECK(std::ranges::any_of(*events, tells));
  }

  TEST_CASE_FIXTURE(group_stage, "a handler factory that returns null fails the worker's start") {
    group().handler = [] { return std::unique_ptr<batch_handler>{}; };
    open_with({zero});
    CHECK_FALSE(worker(zero));
    CHECK(is_alive(root));
  }

  TEST_CASE_FIXTURE(group_stage, "a drain of a busy worker waits for at most two batches") {
    group().max_unacknowledged = 1'000'000;
    open_with({zero});
    const auto busy = worker(zero);
    // Each second, the worker's check finds messages, and more messages remain.
    kafka->append(zero, 10'000);
    for (int second = 0; second < 20; ++second) {
      time.hang(busy);
      time.advance(1s);
      time.wake(busy);
      for (int turn = 0; turn < 5; ++turn)
        time.step();
    }
    handlers->lines.clear();
    post(busy, drain{});
    time.hang(named("group_manager"));
    time.run();
    CHECK_FALSE(is_alive(busy));
    CHECK(handlers->lines.size() <= 2);
    time.wake(named("group_manager"));
    kafka->take_back({zero});
    time.run();
  }

  TEST_CASE_FIXTURE(group_stage, "without a wake, a worker finds new messages within a second") {
    open_with({zero});
    auto& log = kafka->logs[zero];
    log.entries.push_back({0, "silent"});
    log.end = 1;
    time.run();
    CHECK(handlers->lines.size() == 1);
    time.advance(1s);
    CHECK(handlers->lines.back() == "t/0[0..0]");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "a failed partition's fetched messages are handled before a new worker seeks") {
    open_with({zero});
    kafka->append(zero, 2);
    kafka->fail_partition(zero, {.code = errc::not_authorized, .text = "no"});
    time.run();
    time.advance(1s);
    CHECK(handlers->lines.size() >= 3);
    CHECK(handlers->lines[1] == "t/0[0..1]");
    CHECK(handlers->lines[2].starts_with("start t/0@"));
    CHECK(kafka->happened().find("seek t/0@2") != std::string::npos);
    append(zero, 1);
    let_commit();
    CHECK(kafka->group[zero] == 3);
    CHECK(kafka->joins == 1);
  }

  TEST_CASE_FIXTURE(group_stage,
                    "messages are handled in order without gaps across worker crashes") {
    std::int64_t expected = 0;
    int turn = 0;
    handlers->on_batch = [&](const assignment& lease, batch what) -> verdict {
      if (what.front().offset() == lease.begins_at)
        expected = lease.begins_at;
      for (const auto& one : what)
        CHECK_MESSAGE(one.offset() == expected++, "out of order");
      if (++turn % 3 == 0)
        throw std::runtime_error{"now and then"};
      return turn % 3 == 1 ? ack() : carry_on();
    };
    open_with({zero});
    for (int i = 0; i < 30; ++i) {
      append(zero, 7);
      time.advance(5s);
    }
    handlers->on_batch = nullptr;
    append(zero, 1);
    time.advance(20s);
    CHECK(kafka->group[zero] == 211);
    CHECK(kafka->happened().find("seek") == std::string::npos);
  }
}
