#include <ottla/actors/server.hpp>
#include <ottla/kafka/consumer/handler_process.hpp>
#include <ottla/kafka/health.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <memory>
#include <string>
#include <vector>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

using lines = std::vector<std::string>;

/// Answers each batch at once. If `waits` is set, answers the oldest batch at each be_ready.
class judge : public server {
public:
  struct plan {
    std::vector<std::string> seen;
    bool waits = false;
    std::shared_ptr<const held_batch> held;
    verdict what = ack();
    std::deque<caller<verdict>> open;
  };

  judge(caf::actor_config& config, process_context context, std::shared_ptr<plan> by)
    : server{config, std::move(context)}, by_{std::move(by)} {}

private:
  init_result init(handlers& on) override {
    on.call([this](const handle_batch& request, caller<verdict> from) {
      const auto batch = request.batch->messages();
      by_->held = request.batch;
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
  void terminate(const exit_reason&) override {
    by_->open.clear();
    by_->held.reset();
  }

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

} // namespace

TEST_SUITE("handler_process") {
  TEST_CASE_FIXTURE(process_stage,
                    "a handler process receives batches as messages and answers with verdicts") {
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

  TEST_CASE_FIXTURE(process_stage,
                    "a handler process gets the next batch of a partition only after its answer") {
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

  TEST_CASE_FIXTURE(process_stage, "messages that arrive while a handler process holds a batch are "
                                   "handled right after its answer") {
    plan->waits = true;
    start_judge();
    open_with({zero});
    append(zero, 3);
    append(zero, 2);
    CHECK(plan->seen == lines{"c t/0[0..2]"});
    const auto before = time.now();
    answer(ack());
    CHECK(time.now() == before);
    CHECK(plan->seen == lines{"c t/0[0..2]", "c t/0[3..4]"});
  }

  TEST_CASE_FIXTURE(process_stage, "a drain waits for the handler process to answer") {
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

  TEST_CASE_FIXTURE(process_stage,
                    "drain_requested() becomes true while a handler process holds the batch") {
    plan->waits = true;
    start_judge();
    open_with({zero});
    append(zero, 5);
    CHECK_FALSE(plan->held->drain_requested());
    SUBCASE("during a drain, after which unacknowledged messages are delivered again") {
      kafka->take_back({zero});
      time.run();
      CHECK(plan->held->drain_requested());
      answer(ack_until(2));
      CHECK(kafka->happened() == "commit t/0@3, unassign t/0");
      give({zero});
      CHECK(plan->seen.back() == "c t/0[3..4]");
    }
    SUBCASE("after the lease ended") {
      kafka->take_back({zero}, true);
      time.run();
      CHECK(plan->held->messages().drain_requested());
    }
    plan->held.reset();
  }

  TEST_CASE_FIXTURE(
    process_stage,
    "the batch of a handler process that dies without an answer is delivered again") {
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

  TEST_CASE_FIXTURE(process_stage, "a worker is restarted until its handler process exists") {
    open_with({zero});
    append(zero, 5);
    time.advance(1min);
    CHECK(kafka->happened() == "");
    start_judge();
    time.advance(1min);
    CHECK(kafka->happened() == "commit t/0@5");
    CHECK(is_alive(root));
  }

  TEST_CASE_FIXTURE(process_stage,
                    "a worker without a handler process fails, and health reports why") {
    process_ref chosen;
    std::string why = "the process handle is null";
    SUBCASE("the factory returns a null handle") {}
    SUBCASE("the factory returns an empty name") {
      chosen = {names, ""};
      why = "a name must not be empty, got \"\"";
    }
    group().handler = handled_by([=](const assignment&) { return chosen; });
    open_with({zero});
    time.advance(10s);
    const auto report = ask<health_report>(*this, named("health"), get_health{}).answer.value();
    CHECK(to_string(report).find("no handler process can be found: " + why) != std::string::npos);
    CHECK(is_alive(root));
  }

  TEST_CASE_FIXTURE(process_stage, "a factory chooses the handler process of each worker") {
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
