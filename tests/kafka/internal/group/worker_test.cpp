// The effects of a handler's verdicts, and how a worker takes its turns.

#include <ottla/kafka/internal/group/group_messages.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

/// Returns a verdict by the first offset of a batch; ack where none is given.
std::function<verdict(const assignment&, batch)> judging(std::map<std::int64_t, verdict> by_first) {
  return [by_first = std::move(by_first)](const assignment&, batch what) {
    const auto found = by_first.find(what.front().offset());
    return found == by_first.end() ? ack() : found->second;
  };
}

} // namespace

TEST_SUITE("verdict") {
  TEST_CASE_FIXTURE(group_stage, "ack covers its batch and what was carried on before") {
    handlers->on_batch = judging({{0, carry_on()}, {5, carry_on()}});
    open_with({zero});
    append(zero, 8);
    let_commit();
    CHECK(kafka->happened() == "");
    append(zero, 2);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@10");
  }

  TEST_CASE_FIXTURE(group_stage, "ack_until covers a part; a later ack the rest") {
    handlers->on_batch = judging({{0, ack_until(2)}});
    open_with({zero});
    append(zero, 5);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@3");
    append(zero, 1);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@6");
  }

  TEST_CASE_FIXTURE(group_stage, "ack_until never covers what the handler has not seen") {
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

  TEST_CASE_FIXTURE(group_stage, "ack_until below what is acknowledged takes nothing back") {
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
                    "no_ack holds the commit back until a new worker has it acknowledged") {
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

  TEST_CASE_FIXTURE(group_stage, "what no_ack refused no later ack_until covers") {
    handlers->on_batch = judging({{0, no_ack()}, {5, ack_until(2)}});
    open_with({zero});
    append(zero, 11);
    time.advance(1min);
    CHECK(kafka->happened() == "");
  }

  TEST_CASE_FIXTURE(group_stage, "ack_until the end of time covers what was seen") {
    handlers->on_batch = judging({{0, ack_until(std::numeric_limits<std::int64_t>::max())}});
    open_with({zero});
    append(zero, 5);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@5");
  }

  TEST_CASE_FIXTURE(group_stage, "no_ack refuses its own batch, not what was carried on before") {
    handlers->on_batch = judging({{0, carry_on()}, {5, no_ack()}, {10, carry_on()}});
    open_with({zero});
    append(zero, 15);
    let_commit();
    CHECK(kafka->happened() == "");
    append(zero, 5);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@5");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "taking goes on until the window is full, and again when there is room") {
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
                    "a full window of batches that are carried on ends with their ack") {
    // With the last of 20 open messages, the handler acknowledges all 20.
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
                    "what is carried on and never acknowledged fills the window, too") {
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
    group_stage, "killed on one partition, then on the other, each goes on behind its last ack") {
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
    group_stage, "where nothing was acknowledged, a replacement begins where the partition did") {
    handlers->on_batch = [](const assignment&, batch) { return carry_on(); };
    kafka->append(one, 9);
    kafka->group[one] = 7;
    open_with({one});
    CHECK(handlers->happened() == "start t/1@7, t/1[7..8]");
    kill_named("worker/t/1");
    CHECK(handlers->happened() == "start t/1@7, t/1[7..8]");
    CHECK(kafka->happened() == "");
  }

  TEST_CASE_FIXTURE(group_stage, "one whose partition fails ends with that as its reason") {
    open_with({zero});
    kafka->fail_partition(zero, {.code = errc::not_authorized, .text = "no"});
    time.run();
    const auto tells = [](const process_event& event) {
      return event.what == process_event::kind::ended && event.path.ends_with("worker/t/0")
             && to_string(event).find("t/0: not_authorized: no") != std::string::npos;
    };
    CHECK(std::ranges::any_of(*events, tells));
  }

  TEST_CASE_FIXTURE(group_stage, "a handler factory that makes nothing is a failed start") {
    group().handler = [] { return std::unique_ptr<batch_handler>{}; };
    open_with({zero});
    CHECK_FALSE(worker(zero));
    CHECK(is_alive(root));
  }

  TEST_CASE_FIXTURE(group_stage, "a drain waits for one batch, however long it was busy before") {
    group().max_unacknowledged = 1'000'000;
    open_with({zero});
    const auto busy = worker(zero);
    // Each second the worker's safety check finds messages, and there are always more.
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

  TEST_CASE_FIXTURE(group_stage, "a wake that got lost costs a second, not the partition") {
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
                    "a partition that fails has its messages handled, then a new worker") {
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
                    "messages come in order and none is left out, whoever dies between") {
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
