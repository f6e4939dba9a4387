// A worker that is asked to end, or whose lease is over, while its handler is in the middle of a
// batch. The handlers of these tests let virtual time pass, so that the rest of the tree runs.

#include <ottla/kafka/consumer/group_requests.hpp>
#include <ottla/kafka/consumer/handler.hpp>
#include <ottla/kafka/consumer/message_handler.hpp>
#include <ottla/kafka/health.hpp>
#include <ottla/supervision/supervisor_requests.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;
using ottla::test::ask;

namespace {

/// The messages that a message_handler saw, `t/0@3`, and what it does at a message the first time.
struct message_plan {
  std::vector<std::string> seen;
  std::map<std::string, std::function<verdict(const ack_handle&)>> at;

  std::string happened() {
    std::string text;
    for (const auto& one : std::exchange(seen, {}))
      text += (text.empty() ? "" : " ") + one;
    return text;
  }
};

class planned_message_handler : public message_handler {
public:
  explicit planned_message_handler(std::shared_ptr<message_plan> by) : by_{std::move(by)} {}

  verdict handle(const message& one) override {
    const auto name = to_string(from()) + '@' + std::to_string(one.offset());
    by_->seen.push_back(name);
    const auto then = by_->at.extract(name);
    return then ? then.mapped()(ack_later()) : ack();
  }

private:
  std::shared_ptr<message_plan> by_;
};

struct interrupted : group_stage {
  const topic_partition other{"u", 0};
  std::shared_ptr<message_plan> plan = std::make_shared<message_plan>();

  interrupted() {
    group().handler = handler<planned_message_handler>(plan);
    group().batch_size = 10;
  }
  ~interrupted() { plan->at.clear(); }

  /// Runs `what` while the handler is in the middle of this message.
  void meanwhile(const std::string& message, std::function<void()> what) {
    plan->at[message] = [what = std::move(what)](const ack_handle&) {
      what();
      return ack();
    };
  }

  void share_workers() {
    group().topics = {"t", "u"};
    group().allocation = worker_allocation::per_partition;
  }

  std::string health() {
    return to_string(ask<health_report>(*this, named("health"), get_health{}).answer.value());
  }
};

} // namespace

TEST_SUITE("interrupted handler") {
  TEST_CASE_FIXTURE(interrupted, "what is acknowledged is committed while the batch is handled") {
    std::string committed;
    meanwhile("t/0@3", [&] {
      let_commit();
      committed = kafka->happened();
    });
    open_with({zero});
    append(zero, 10);
    CHECK(committed == "commit t/0@3");
    CHECK(notes->saw("acknowledged t/0@3"));
    let_commit();
    CHECK(kafka->happened() == "commit t/0@10");
  }

  TEST_CASE_FIXTURE(interrupted, "a message put off holds back the commit, until it is done") {
    ack_handle put_off;
    std::string before;
    std::string after;
    plan->at["t/0@1"] = [&](const ack_handle& ack) {
      put_off = ack;
      return later();
    };
    meanwhile("t/0@4", [&] {
      let_commit();
      before = kafka->happened();
      put_off.ack();
      let_commit();
      after = kafka->happened();
    });
    open_with({zero});
    append(zero, 10);
    CHECK(before == "commit t/0@1");
    CHECK(after == "commit t/0@4");
    let_commit();
    CHECK(kafka->happened() == "commit t/0@10");
  }

  TEST_CASE_FIXTURE(interrupted, "of two that were put off the last one frees all behind them") {
    ack_handle first;
    ack_handle second;
    std::vector<std::string> commits;
    plan->at["t/0@1"] = [&](const ack_handle& ack) {
      first = ack;
      return later();
    };
    plan->at["t/0@3"] = [&](const ack_handle& ack) {
      second = ack;
      return later();
    };
    meanwhile("t/0@6", [&] {
      second.ack();
      let_commit();
      commits.push_back(kafka->happened());
      first.ack();
      let_commit();
      commits.push_back(kafka->happened());
    });
    open_with({zero});
    append(zero, 10);
    CHECK(commits == std::vector<std::string>{"commit t/0@1", "commit t/0@6"});
    let_commit();
    CHECK(kafka->happened() == "commit t/0@10");
  }

  TEST_CASE_FIXTURE(interrupted, "a revoke ends after the message in hand; all acknowledged is "
                                 "committed") {
    meanwhile("t/0@3", [&] {
      kafka->take_back({zero});
      time.advance(100ms);
    });
    open_with({zero});
    append(zero, 10);
    CHECK(plan->happened() == "t/0@0 t/0@1 t/0@2 t/0@3");
    CHECK(kafka->happened() == "commit t/0@4, unassign t/0");
    give({zero});
    CHECK(plan->happened() == "t/0@4 t/0@5 t/0@6 t/0@7 t/0@8 t/0@9");
  }

  TEST_CASE_FIXTURE(interrupted, "so does a stop") {
    meanwhile("t/0@3", [&] {
      request_exit(root, to_error(exit_reason::shutdown()));
      time.advance(100ms);
    });
    open_with({zero});
    append(zero, 10);
    time.advance(1s);
    CHECK(plan->happened() == "t/0@0 t/0@1 t/0@2 t/0@3");
    CHECK(kafka->group[zero] == 4);
    CHECK(count(process_event::kind::killed) == 0);
  }

  TEST_CASE_FIXTURE(interrupted,
                    "a drain is seen before messages that are in the mailbox already") {
    meanwhile("t/0@3", [&] {
      // Each append puts a wake into the worker's mailbox.
      for (int i = 0; i < 5; ++i)
        append(zero, 1);
      kafka->take_back({zero});
      time.advance(100ms);
    });
    open_with({zero});
    append(zero, 10);
    CHECK(plan->happened() == "t/0@0 t/0@1 t/0@2 t/0@3");
  }

  TEST_CASE_FIXTURE(interrupted, "what is lost is not handled any more") {
    meanwhile("t/0@3", [&] {
      kafka->take_back({zero}, true);
      time.advance(100ms);
    });
    open_with({zero});
    append(zero, 10);
    CHECK(plan->happened() == "t/0@0 t/0@1 t/0@2 t/0@3");
    CHECK(kafka->happened() == "unassign t/0");
  }

  TEST_CASE_FIXTURE(interrupted, "nor after the group was aborted, or its processes were killed") {
    meanwhile("t/0@3", [&] {
      SUBCASE("group") {
        post(named("coordinator"), abort_group{});
      }
      SUBCASE("coordinator") {
        kill(named("coordinator"));
      }
      SUBCASE("worker supervisor") {
        kill(named("worker_supervisor"));
      }
      SUBCASE("acknowledger") {
        kill(named("acknowledger"));
      }
      SUBCASE("worker") {
        kill(worker(zero));
      }
      SUBCASE("worker, by its supervisor") {
        post(named("worker_supervisor"), terminate_child{.process = worker(zero)});
      }
      time.run();
      plan->seen.push_back("|");
    });
    open_with({zero});
    append(zero, 10);
    const auto seen = plan->happened();
    CHECK(seen.starts_with("t/0@0 t/0@1 t/0@2 t/0@3 |"));
    // A replacement may have handled the rest, but must not begin after a message that was left
    // out.
    CHECK(seen.find("| t/0@5") == std::string::npos);
  }

  TEST_CASE_FIXTURE(interrupted, "what was acknowledged before a kill does not come again") {
    meanwhile("t/0@3", [&] {
      kill(worker(zero));
      time.run();
    });
    open_with({zero});
    append(zero, 10);
    CHECK(plan->happened() == "t/0@0 t/0@1 t/0@2 t/0@3 t/0@4 t/0@5 t/0@6 t/0@7 t/0@8 t/0@9");
  }

  TEST_CASE_FIXTURE(interrupted, "past its deadline a drain keeps what was acknowledged before") {
    group().drain_within = 2s;
    std::string given_back;
    meanwhile("t/0@3", [&] {
      kafka->take_back({zero});
      time.advance(3s);
      given_back = kafka->happened();
    });
    open_with({zero});
    append(zero, 10);
    CHECK(given_back == "commit t/0@3, unassign t/0");
    CHECK(plan->happened() == "t/0@0 t/0@1 t/0@2 t/0@3");
  }

  TEST_CASE_FIXTURE(interrupted, "past its deadline no message is begun, though the last commit is "
                                 "still under way") {
    group().drain_within = 2s;
    group().commit_interval = 1h;
    const auto restore = [&] {
      kafka->commits = {};
      time.wake(named("group_manager"));
    };
    meanwhile("t/0@3", [&] {
      // A hanging manager does not ask the worker to end.
      time.hang(named("group_manager"));
      kafka->commits = reply::withheld();
      kafka->take_back({zero});
      time.advance(2s);
    });
    open_with({zero});
    append(zero, 10);
    CHECK(plan->happened() == "t/0@0 t/0@1 t/0@2 t/0@3");
    CHECK(kafka->happened() == "commit t/0@3");
    restore();
    time.advance(5s);
    CHECK(kafka->happened() == "unassign t/0");
  }

  TEST_CASE_FIXTURE(interrupted, "of partitions that share a worker each keeps its own") {
    share_workers();
    meanwhile("t/0@3", [&] {
      append(other, 5);
      kafka->take_back({other});
      time.advance(100ms);
    });
    open_with({zero, other});
    append(zero, 10);
    time.advance(1s);
    // A worker without u/0 replaced the first worker, and resumed where that one stopped.
    CHECK(plan->happened() == "t/0@0 t/0@1 t/0@2 t/0@3 t/0@4 t/0@5 t/0@6 t/0@7 t/0@8 t/0@9");
    CHECK(kafka->group[other] == 0);
    let_commit();
    CHECK(kafka->group[zero] == 10);
  }

  TEST_CASE_FIXTURE(interrupted,
                    "slow messages get ahead though the group rebalances all the time") {
    group().batch_size = 1'000;
    group().max_unacknowledged = 1'000;
    open_with({zero});
    bool is_ours = true;
    kafka->append(zero, 200);
    // Every third message takes so long that the partition is revoked meanwhile.
    for (int message = 2; message < 200; message += 3)
      meanwhile("t/0@" + std::to_string(message), [&] {
        kafka->take_back({zero});
        is_ours = false;
        time.advance(1s);
      });
    for (int rebalance = 0; rebalance < 100 && kafka->group[zero] < 200; ++rebalance) {
      time.run();
      let_commit();
      if (!std::exchange(is_ours, true))
        give({zero});
    }
    let_commit();
    CHECK(kafka->group[zero] == 200);
    CHECK(plan->seen.size() == 200);
  }

  TEST_CASE_FIXTURE(interrupted, "handle_within is the time for one message, not for the batch") {
    group().handle_within = 10s;
    open_with({zero});
    const auto before = worker(zero);
    for (int message = 0; message < 10; ++message)
      meanwhile("t/0@" + std::to_string(message), [&] { time.advance(8s); });
    append(zero, 10);
    CHECK(worker(zero) == before);
    CHECK(plan->seen.size() == 10);
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(interrupted,
                    "a message that hangs is named, and what was acknowledged before is kept") {
    group().handle_within = 10s;
    std::string complaint;
    meanwhile("t/0@3", [&] {
      time.advance(12s);
      complaint = health();
    });
    open_with({zero});
    append(zero, 10);
    CHECK(complaint.starts_with("stalled: worker/t/0: t/0: the handler has held the message at "
                                "offset 3 for more than 10000ms"));
    time.advance(5s);
    CHECK(plan->happened() == "t/0@0 t/0@1 t/0@2 t/0@3 t/0@3 t/0@4 t/0@5 t/0@6 t/0@7 t/0@8 t/0@9");
    // The first acknowledgement makes the worker healthy, not the time that has passed.
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(group_stage, "a handler of batches sees that it is asked to return") {
    std::vector<bool> asked;
    bool first = true;
    handlers->on_batch = [&](const assignment&, batch what) -> verdict {
      if (!std::exchange(first, false))
        return ack();
      asked.push_back(what.drain_requested());
      SUBCASE("by a drain") {
        kafka->take_back({zero});
      }
      SUBCASE("by a stop") {
        request_exit(root, to_error(exit_reason::shutdown()));
      }
      SUBCASE("as its lease is over") {
        kafka->take_back({zero}, true);
      }
      time.run();
      asked.push_back(what.drain_requested());
      return ack_until(what.front().offset() + 1);
    };
    open_with({zero});
    append(zero, 5);
    CHECK(asked == std::vector<bool>{false, true});
    CHECK(handlers->happened() == "start t/0@0, t/0[0..4]");
    if (kafka->happened().find("commit") != std::string::npos)
      CHECK(kafka->group[zero] == 2);
  }
}
