// What a handler's verdicts lead to, and how a worker takes its turns.

#include <ottla/actors/server.hpp>
#include <ottla/kafka/consumer/record_handler.hpp>
#include <ottla/kafka/group/messages.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

/// Judges batches by their first offset.
std::function<verdict(const assignment&, batch)> judging(std::map<std::int64_t, verdict> by_first) {
  return [by_first = std::move(by_first)](const assignment&, batch what) {
    const auto found = by_first.find(what.front().offset());
    return found == by_first.end() ? ack() : found->second;
  };
}

} // namespace

TEST_SUITE("verdict") {
  TEST_CASE_FIXTURE(group_stage, "ack covers its batch and what was carried on before") {
    handlers->judge = judging({{0, carry_on()}, {5, carry_on()}});
    open_with({zero});
    append(zero, 8);
    let_commit();
    CHECK(kafka->happened() == "");
    append(zero, 2);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@10");
  }

  TEST_CASE_FIXTURE(group_stage, "ack_until covers a part; a later ack the rest") {
    handlers->judge = judging({{0, ack_until(2)}});
    open_with({zero});
    append(zero, 5);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@3");
    append(zero, 1);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@6");
  }

  TEST_CASE_FIXTURE(group_stage, "ack_until never covers what the handler has not seen") {
    handlers->judge = judging({{0, ack_until(1000)}, {5, no_ack()}});
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
    handlers->judge = judging({{5, ack_until(1)}});
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
    handlers->judge = judging({{5, no_ack()}});
    open_with({zero});
    append(zero, 15);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@5");
    handlers->lines.clear();
    handlers->judge = nullptr;
    kill_named("worker/t/0");
    CHECK(handlers->happened() == "start t/0@5, t/0[5..9], t/0[10..14]");
    let_commit();
    CHECK(kafka->happened() == "commit t/0@15");
  }

  TEST_CASE_FIXTURE(group_stage, "what no_ack refused no later ack_until covers") {
    handlers->judge = judging({{0, no_ack()}, {5, ack_until(2)}});
    open_with({zero});
    append(zero, 11);
    time.advance(1min);
    CHECK(kafka->happened() == "");
  }

  TEST_CASE_FIXTURE(group_stage, "ack_until the end of time covers what was seen") {
    handlers->judge = judging({{0, ack_until(std::numeric_limits<std::int64_t>::max())}});
    open_with({zero});
    append(zero, 5);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@5");
  }

  TEST_CASE_FIXTURE(group_stage, "no_ack refuses its own batch, not what was carried on before") {
    handlers->judge = judging({{0, carry_on()}, {5, no_ack()}, {10, carry_on()}});
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
    handlers->judge = judging({{0, no_ack()}});
    open_with({zero});
    append(zero, 50);
    CHECK(handlers->lines.back() == "t/0[15..19]");
    time.advance(1min);
    CHECK(handlers->lines.back() == "t/0[15..19]");
    handlers->judge = nullptr;
    kill_named("worker/t/0");
    CHECK(handlers->lines.back() == "t/0[45..49]");
    let_commit();
    CHECK(kafka->group[zero] == 50);
  }

  TEST_CASE_FIXTURE(group_stage,
                    "a full window of batches that are carried on ends with their ack") {
    // The handler acknowledges the 20 that are open with the last of them.
    handlers->judge = [](const assignment&, batch what) {
      return what.back().offset() % 20 == 19 ? ack() : carry_on();
    };
    open_with({zero});
    append(zero, 100);
    CHECK(handlers->lines.back() == "t/0[95..99]");
    let_commit();
    CHECK(kafka->group[zero] == 100);
  }
}

/// Keeps the acknowledgements of its batches for the test.
struct putting_off {
  std::vector<ack_handle> handles;

  std::function<verdict(const assignment&, batch)> judge() {
    return [this](const assignment&, batch what) {
      handles.push_back(what.ack_later());
      return later();
    };
  }
};

TEST_SUITE("ack_handle") {
  TEST_CASE_FIXTURE(group_stage, "acknowledged in any order, the front is committed") {
    putting_off batches;
    handlers->judge = batches.judge();
    open_with({zero});
    append(zero, 15);
    REQUIRE(batches.handles.size() == 3);
    batches.handles[2].ack();
    batches.handles[1].ack();
    time.run();
    let_commit();
    CHECK(kafka->happened() == "");
    batches.handles[0].ack();
    time.run();
    let_commit();
    CHECK(kafka->happened() == "commit t/0@15");
    CHECK(notes->saw("acknowledged t/0@15"));
  }

  TEST_CASE_FIXTURE(group_stage, "after a detour, order counts again, and nothing is held up") {
    putting_off batches;
    handlers->judge = batches.judge();
    open_with({zero});
    append(zero, 10);
    batches.handles[1].ack();
    batches.handles[0].ack();
    time.run();
    handlers->judge = nullptr;
    append(zero, 5);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@15");
    CHECK(kafka->batches_alive == 0);
  }

  TEST_CASE_FIXTURE(group_stage, "an ack of what comes later covers none that is put off") {
    putting_off batches;
    handlers->judge = batches.judge();
    open_with({zero});
    append(zero, 5);
    handlers->judge = nullptr;
    append(zero, 5);
    let_commit();
    CHECK(kafka->happened() == "");
    batches.handles[0].ack();
    time.run();
    let_commit();
    CHECK(kafka->happened() == "commit t/0@10");
  }

  TEST_CASE_FIXTURE(group_stage, "one message by itself, and a part of a batch") {
    std::vector<ack_handle> single;
    ack_handle all;
    handlers->judge = [&](const assignment&, batch what) {
      for (std::size_t index = 0; index < what.size(); ++index)
        single.push_back(what.ack_later(index));
      all = what.ack_later();
      return later();
    };
    open_with({zero});
    append(zero, 5);
    all.ack_until(1);
    single[4].ack();
    single[3].ack();
    time.run();
    let_commit();
    CHECK(kafka->happened() == "commit t/0@2");
    single[2].ack();
    single[2].ack();
    time.run();
    let_commit();
    CHECK(kafka->happened() == "commit t/0@5");
  }

  TEST_CASE_FIXTURE(group_stage, "gaps of the log hold nothing up") {
    std::vector<ack_handle> single;
    handlers->judge = [&](const assignment&, batch what) {
      for (std::size_t index = 0; index < what.size(); ++index)
        single.push_back(what.ack_later(index));
      return later();
    };
    open_with({zero});
    for (int count = 0; count < 3; ++count) {
      kafka->skip(zero, 4);
      append(zero, 1);
    }
    REQUIRE(single.size() == 3);
    for (auto each = single.rbegin(); each != single.rend(); ++each)
      each->ack();
    time.run();
    let_commit();
    CHECK(kafka->happened() == "commit t/0@15");
  }

  TEST_CASE_FIXTURE(group_stage, "that of a dead worker is void: its messages come again") {
    putting_off batches;
    handlers->judge = batches.judge();
    open_with({zero});
    append(zero, 5);
    kill_named("worker/t/0");
    batches.handles[0].ack();
    time.run();
    let_commit();
    CHECK(kafka->happened() == "");
    CHECK(handlers->lines.back() == "t/0[0..4]");
    REQUIRE(batches.handles.size() == 2);
    batches.handles[1].ack();
    time.run();
    let_commit();
    CHECK(kafka->happened() == "commit t/0@5");
  }

  TEST_CASE_FIXTURE(group_stage, "a full window goes on when there is room") {
    putting_off batches;
    handlers->judge = batches.judge();
    open_with({zero});
    append(zero, 50);
    CHECK(handlers->lines.back() == "t/0[15..19]");
    batches.handles[0].ack();
    time.run();
    CHECK(handlers->lines.back() == "t/0[20..24]");
  }

  TEST_CASE_FIXTURE(group_stage, "after a revoke it acknowledges nothing, and a new lease begins") {
    putting_off batches;
    handlers->judge = batches.judge();
    open_with({zero});
    append(zero, 10);
    batches.handles[1].ack();
    time.run();
    kafka->take_back({zero});
    time.run();
    batches.handles[0].ack();
    time.run();
    give({zero});
    let_commit();
    CHECK(kafka->group[zero] == 0);
    CHECK(handlers->lines.back() == "t/0[5..9]");
    CHECK(all_right());
  }

  TEST_CASE("a handle of nothing acknowledges nothing") {
    ack_handle{}.ack();
    ack_handle{}.ack_until(5);
  }
}

/// Writes down what it sees; judges by offset.
class scripted_record_handler : public record_handler {
public:
  struct plan {
    std::map<std::int64_t, verdict> verdicts;
    std::set<std::int64_t> throws_at;
    std::map<std::int64_t, ack_handle> put_off;
    std::vector<std::int64_t> seen;
    std::string started;
  };

  explicit scripted_record_handler(std::shared_ptr<plan> by) : by_{std::move(by)} {}

  void start(const assignment& what) override { by_->started = to_string(what.where); }

  verdict handle(const message& one) override {
    by_->seen.push_back(one.offset());
    if (by_->throws_at.erase(one.offset()) != 0)
      throw std::runtime_error{"no luck"};
    const auto found = by_->verdicts.find(one.offset());
    if (found == by_->verdicts.end())
      return ack();
    if (found->second.what == verdict::kind::later)
      by_->put_off[one.offset()] = ack_later();
    return found->second;
  }

private:
  std::shared_ptr<plan> by_;
};

struct record_stage : group_stage {
  std::shared_ptr<scripted_record_handler::plan> plan
    = std::make_shared<scripted_record_handler::plan>();

  record_stage() { group().handler = handler<scripted_record_handler>(plan); }
};

TEST_SUITE("record_handler") {
  TEST_CASE_FIXTURE(record_stage, "each message by itself, acknowledged with its batch at once") {
    open_with({zero});
    append(zero, 7);
    CHECK(plan->started == "t/0");
    CHECK(plan->seen == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6});
    CHECK(std::ranges::count_if(notes->lines,
                                [](const auto& line) { return line.starts_with("acknowledged"); })
          == 2);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@7");
  }

  TEST_CASE_FIXTURE(record_stage, "a throw costs nothing that was acknowledged before it") {
    plan->throws_at = {3};
    open_with({zero});
    append(zero, 5);
    CHECK(plan->seen == std::vector<std::int64_t>{0, 1, 2, 3, 3, 4});
    let_commit();
    CHECK(kafka->happened() == "commit t/0@5");
  }

  TEST_CASE_FIXTURE(record_stage, "no_ack holds back what is behind it, not what is before") {
    plan->verdicts = {{2, no_ack()}};
    open_with({zero});
    append(zero, 5);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@2");
    append(zero, 5);
    let_commit();
    CHECK(kafka->happened() == "");
    plan->verdicts.clear();
    plan->seen.clear();
    kill_named("worker/t/0");
    CHECK(plan->seen.front() == 2);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@10");
  }

  TEST_CASE_FIXTURE(record_stage,
                    "what is carried on is covered by a later ack, over batches too") {
    for (std::int64_t offset = 0; offset < 7; ++offset)
      plan->verdicts[offset] = carry_on();
    open_with({zero});
    append(zero, 7);
    let_commit();
    CHECK(kafka->happened() == "");
    append(zero, 1);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@8");
  }

  TEST_CASE_FIXTURE(record_stage, "one that is put off is acknowledged by its handle") {
    plan->verdicts = {{1, later()}};
    open_with({zero});
    append(zero, 5);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@1");
    plan->put_off[1].ack();
    time.run();
    let_commit();
    CHECK(kafka->happened() == "commit t/0@5");
  }

  TEST_CASE_FIXTURE(group_stage, "one that is not made is a failed start") {
    group().handler = [] { return one_by_one(nullptr); };
    open_with({zero});
    CHECK_FALSE(worker(zero));
  }
}

/// Answers each batch with a verdict, or only when it is told to.
class judge : public server {
public:
  struct plan {
    std::vector<std::string> seen;
    bool waits = false;
    verdict what = ack();
    std::deque<caller<verdict>> open;
  };

  judge(caf::actor_config& config, process_context context, std::shared_ptr<plan> by)
    : server{config, std::move(context)}, by_{std::move(by)} {}

private:
  init_result init(handlers& on) override {
    on.call([this](const handle_batch& request, caller<verdict> from) {
      const auto batch = request.batch->messages();
      by_->seen.push_back(request.lease->connection + ' ' + to_string(batch.from()) + '['
                          + std::to_string(batch.front().offset()) + ".."
                          + std::string{batch.back().value()} + ']');
      if (by_->waits)
        by_->open.push_back(std::move(from));
      else
        from.reply(by_->what);
    });
    on.cast([this](ottla::test::be_ready) {
      by_->open.front().reply(by_->what);
      by_->open.pop_front();
    });
    return {};
  }
  void terminate(const exit_reason&) override { by_->open.clear(); }

  std::shared_ptr<plan> by_;
};

struct process_stage : group_stage {
  std::shared_ptr<judge::plan> plan = std::make_shared<judge::plan>();

  process_stage() { group().handler = handled_by("judge"); }

  caf::actor start_judge() {
    return start({.id = "judge", .start = ottla::start<judge>(plan), .name = "judge"}).process;
  }

  void answer(const verdict& what) {
    plan->what = what;
    post(names->whereis("judge"), ottla::test::be_ready{});
    time.run();
  }
};

TEST_SUITE("handler_process") {
  TEST_CASE_FIXTURE(process_stage, "batches come as messages, the answer is the verdict") {
    start_judge();
    open_with({zero});
    append(zero, 7);
    CHECK(plan->seen == std::vector<std::string>{"c t/0[0..4]", "c t/0[5..6]"});
    let_commit();
    CHECK(kafka->happened() == "commit t/0@7");
    plan->what = ack_until(8);
    append(zero, 5);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@9");
  }

  TEST_CASE_FIXTURE(process_stage, "one batch of a partition is under way at a time") {
    plan->waits = true;
    start_judge();
    open_with({zero});
    append(zero, 7);
    append(zero, 7);
    time.advance(1min);
    CHECK(plan->seen.size() == 1);
    answer(ack());
    CHECK(plan->seen.size() == 2);
    let_commit();
    CHECK(kafka->happened() == "commit t/0@5");
  }

  TEST_CASE_FIXTURE(process_stage, "a drain waits for the answer") {
    plan->waits = true;
    start_judge();
    open_with({zero});
    append(zero, 5);
    kafka->take_back({zero});
    time.run();
    CHECK(kafka->happened() == "");
    answer(ack());
    CHECK(kafka->happened() == "commit t/0@5, unassign t/0");
  }

  TEST_CASE_FIXTURE(process_stage, "one that ends without an answer has its batch come again") {
    plan->waits = true;
    const auto first = start_judge();
    open_with({zero});
    append(zero, 5);
    end_abruptly(first);
    plan->waits = false;
    start_judge();
    time.advance(1min);
    CHECK(plan->seen.size() == 2);
    CHECK(plan->seen[0] == plan->seen[1]);
    CHECK(kafka->happened() == "commit t/0@5");
  }

  TEST_CASE_FIXTURE(process_stage, "while it is not there the worker is tried again, in time") {
    open_with({zero});
    append(zero, 5);
    time.advance(1min);
    CHECK(kafka->happened() == "");
    start_judge();
    time.advance(1min);
    CHECK(kafka->happened() == "commit t/0@5");
    CHECK(is_alive(root));
  }

  TEST_CASE_FIXTURE(process_stage, "each worker can have one of its own") {
    const auto all = std::make_shared<std::vector<std::string>>();
    const auto alone = start_judge();
    group().handler = handled_by([=](const assignment& lease) {
      all->push_back(to_string(lease.where));
      return alone;
    });
    open_with({zero, one});
    append(one, 1);
    CHECK(*all == std::vector<std::string>{"t/0", "t/1"});
    CHECK(plan->seen == std::vector<std::string>{"c t/1[0..0]"});
  }
}

TEST_SUITE("worker") {
  TEST_CASE_FIXTURE(group_stage, "a handler factory that makes nothing is a failed start") {
    group().handler = [] { return std::unique_ptr<message_handler>{}; };
    open_with({zero});
    CHECK_FALSE(worker(zero));
    CHECK(is_alive(root));
  }

  TEST_CASE_FIXTURE(group_stage, "a drain waits for one batch, however long it was busy before") {
    group().max_unacknowledged = 1'000'000;
    open_with({zero});
    const auto busy = worker(zero);
    // Each second the safety look finds more to take, and there is always more.
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
    handlers->judge = [&](const assignment& lease, batch what) -> verdict {
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
    handlers->judge = nullptr;
    append(zero, 1);
    time.advance(20s);
    CHECK(kafka->group[zero] == 211);
    CHECK(kafka->happened().find("seek") == std::string::npos);
  }
}
