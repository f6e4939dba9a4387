// A worker that must end or loses its lease while its handler is in the middle of a batch. The
// handlers of these tests advance virtual time, so that the rest of the tree runs.

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

namespace {

/// The messages that a message_handler saw, as in `t/0@3`. `at` replaces the handling of a message
/// once.
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

  /// Runs `what` while the handler is handling this message.
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
};

} // namespace

TEST_SUITE("interrupted handler") {
  TEST_CASE_FIXTURE(interrupted,
                    "acknowledged messages are committed while their batch is still handled") {
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

  TEST_CASE_FIXTURE(interrupted, "a deferred message blocks the commit until it is acknowledged") {
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

  TEST_CASE_FIXTURE(interrupted,
                    "two deferred messages block the commit until both are acknowledged") {
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

  TEST_CASE_FIXTURE(
    interrupted,
    "a revoke waits only for the current message and commits all acknowledged messages") {
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

  TEST_CASE_FIXTURE(
    interrupted,
    "a stop waits only for the current message and commits all acknowledged messages") {
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
                    "a drain takes effect before wakes that are already in the worker's mailbox") {
    meanwhile("t/0@3", [&] {
      // Each append posts a wake to the worker.
      for (int i = 0; i < 5; ++i)
        append(zero, 1);
      kafka->take_back({zero});
      time.advance(100ms);
    });
    open_with({zero});
    append(zero, 10);
    CHECK(plan->happened() == "t/0@0 t/0@1 t/0@2 t/0@3");
  }

  TEST_CASE_FIXTURE(interrupted,
                    "a worker handles no further message after its partition is lost") {
    meanwhile("t/0@3", [&] {
      kafka->take_back({zero}, true);
      time.advance(100ms);
    });
    open_with({zero});
    append(zero, 10);
    CHECK(plan->happened() == "t/0@0 t/0@1 t/0@2 t/0@3");
    CHECK(kafka->happened() == "unassign t/0");
  }

  TEST_CASE_FIXTURE(
    interrupted, "no message is skipped if the group is aborted or a process dies during a batch") {
    meanwhile("t/0@3", [&] {
      SUBCASE("the group is aborted") {
        post(named("coordinator"), abort_group{});
      }
      SUBCASE("the coordinator is killed") {
        kill(named("coordinator"));
      }
      SUBCASE("the worker supervisor is killed") {
        kill(named("worker_supervisor"));
      }
      SUBCASE("the acknowledger is killed") {
        kill(named("acknowledger"));
      }
      SUBCASE("the worker is killed") {
        kill(worker(zero));
      }
      SUBCASE("the worker is terminated by its supervisor") {
        post(named("worker_supervisor"), terminate_child{.process = worker(zero)});
      }
      time.run();
      plan->seen.push_back("|");
    });
    open_with({zero});
    append(zero, 10);
    const auto seen = plan->happened();
    CHECK(seen.starts_with("t/0@0 t/0@1 t/0@2 t/0@3 |"));
    // A replacement may have handled the remaining messages, but must not skip any of them.
    CHECK(seen.find("| t/0@5") == std::string::npos);
  }

  TEST_CASE_FIXTURE(
    interrupted,
    "messages that were acknowledged before their worker was killed are not delivered again") {
    meanwhile("t/0@3", [&] {
      kill(worker(zero));
      time.run();
    });
    open_with({zero});
    append(zero, 10);
    CHECK(plan->happened() == "t/0@0 t/0@1 t/0@2 t/0@3 t/0@4 t/0@5 t/0@6 t/0@7 t/0@8 t/0@9");
  }

  TEST_CASE_FIXTURE(
    interrupted,
    "a drain that exceeds its deadline commits the messages acknowledged before the deadline") {
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

  TEST_CASE_FIXTURE(
    interrupted,
    "a handler gets no message after the drain deadline, even while the last commit is in flight") {
    group().drain_within = 2s;
    group().commit_interval = 1h;
    const auto restore = [&] {
      kafka->commits = {};
      time.wake(named("group_manager"));
    };
    meanwhile("t/0@3", [&] {
      // A hanging manager does not ask the worker to drain.
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

  TEST_CASE_FIXTURE(
    interrupted,
    "revoking one of a worker's two partitions does not lose the progress of the other") {
    share_workers();
    meanwhile("t/0@3", [&] {
      append(other, 5);
      kafka->take_back({other});
      time.advance(100ms);
    });
    open_with({zero, other});
    append(zero, 10);
    time.advance(1s);
    // A worker without u/0 replaced the first worker, and resumed after the last acknowledged
    // message.
    CHECK(plan->happened() == "t/0@0 t/0@1 t/0@2 t/0@3 t/0@4 t/0@5 t/0@6 t/0@7 t/0@8 t/0@9");
    CHECK(kafka->group[other] == 0);
    let_commit();
    CHECK(kafka->group[zero] == 10);
  }

  TEST_CASE_FIXTURE(interrupted,
                    "a group with slow messages advances although it rebalances continuously") {
    group().batch_size = 1'000;
    group().max_unacknowledged = 1'000;
    open_with({zero});
    bool is_ours = true;
    kafka->append(zero, 200);
    // Every third message takes so long that the partition is revoked while it is handled.
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

  TEST_CASE_FIXTURE(interrupted,
                    "handle_within limits the time for one message, not for the batch") {
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

  TEST_CASE_FIXTURE(
    interrupted,
    "health names the message at which a handler hangs, and earlier acknowledgements are kept") {
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
    // The first acknowledgement makes the worker healthy, however little time has passed.
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "drain_requested() becomes true while a batch_handler handles the batch") {
    std::vector<bool> asked;
    bool first = true;
    handlers->on_batch = [&](const assignment&, batch what) -> verdict {
      if (!std::exchange(first, false))
        return ack();
      asked.push_back(what.drain_requested());
      SUBCASE("during a drain") {
        kafka->take_back({zero});
      }
      SUBCASE("during a stop") {
        request_exit(root, to_error(exit_reason::shutdown()));
      }
      SUBCASE("after the lease ended") {
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
