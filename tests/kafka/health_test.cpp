// Which health a group reports, and for which reason.

#include <ottla/kafka/health.hpp>
#include <ottla/kafka/producer/produce.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("health") {
  TEST_CASE_FIXTURE(
    group_stage,
    "a group is starting until partitions are assigned, and healthy after the assignment") {
    open();
    CHECK(health() == "starting: coordinator: no partitions are assigned yet");
    give({zero});
    CHECK(health() == "healthy");
    kafka->take_back({zero});
    time.run();
    CHECK(health() == "starting: coordinator: no partitions are assigned yet");
    give({zero});
    CHECK(health() == "healthy");
    kill_named("coordinator");
    CHECK(health() == "starting: coordinator: no partitions are assigned yet");
  }

  TEST_CASE_FIXTURE(group_stage, "a member with an empty assignment is healthy") {
    open();
    give({});
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(group_stage, "a failed authentication makes a group stalled") {
    kafka->describes = reply::failing(errc::authentication_failed, "bad password");
    open();
    CHECK(health()
          == "stalled: brokers: authentication_failed: bad password; coordinator: no partitions "
             "are assigned yet");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "an authorization failure is reported until partitions are assigned") {
    open();
    kafka->push(handle_failed{{.code = errc::not_authorized, .text = "group g: read refused"}});
    time.advance(1min);
    CHECK(health()
          == "stalled: authorization: not_authorized: group g: read refused; coordinator: no "
             "partitions are assigned yet");
    give({zero});
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "settings that brokers reject make a group stalled until an assignment or a commit succeeds") {
    open();
    kafka->push(handle_failed{{.code = errc::bad_setting, .text = "invalid session timeout"}});
    time.advance(1min);
    CHECK(health()
          == "stalled: coordinator: no partitions are assigned yet; settings: bad_setting: invalid "
             "session timeout");
    give({zero});
    CHECK(health() == "healthy");
    kafka->push(handle_failed{{.code = errc::bad_setting, .text = "which one?"}});
    time.run();
    CHECK(health() == "stalled: settings: bad_setting: which one?");
    append(zero, 1);
    let_commit();
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "a connection that only produces reports the health of its brokers") {
    settings.group_consumer.reset();
    open();
    CHECK(health() == "healthy");
    kafka->view = {};
    kafka->answers = reply::failing(errc::unreachable, "nobody");
    time.advance(1s);
    CHECK(health() == "degraded: brokers: unreachable: nobody");
    kafka->answers = {};
    time.advance(2s);
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "a producer is degraded by records that were not stored, until a record is stored") {
    settings.group_consumer.reset();
    open();
    const auto send = [this] {
      produce what{.topic = "out", .records = {{.value = "1"}}};
      return ask_later<produced>(*this, named("producer"), what);
    };
    auto asked = send();
    time.run();
    kafka->sender->deliver({{0, {.code = errc::timed_out, .text = "too late"}}});
    time.run();
    CHECK(health()
          == "degraded: producer/out: 1 of 1 records were not confirmed as stored: timed_out: too "
             "late");
    asked = send();
    time.run();
    kafka->sender->deliver();
    time.run();
    CHECK(health() == "healthy");
    kafka->sender->push(
      handle_failed{{.code = errc::fenced, .fatal = true, .text = "a newer one"}});
    time.run();
    CHECK(health() == "degraded: producer: fenced: a newer one");
    asked = send();
    time.run();
    kafka->sender->deliver();
    time.run();
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(group_stage, "an observer gets the driver's log lines") {
    open_with({zero});
    kafka->push(handle_logged{{.level = 4, .facility = "CONFWARN", .text = "an old key"}});
    time.run();
    CHECK(notes->saw("logged 4 CONFWARN an old key"));
    const produce what{.topic = "out", .records = {{.value = "1"}}};
    const auto asked = ask_later<produced>(*this, named("producer"), what);
    time.run();
    kafka->sender->push(handle_logged{{.level = 5, .facility = "FAIL", .text = "a lost broker"}});
    time.run();
    CHECK(notes->saw("logged 5 FAIL a lost broker"));
  }

  TEST_CASE_FIXTURE(group_stage, "health names a handler process that does not exist") {
    group().handler = handled_by("nobody");
    group().worker_restarts = {.first = 1min, .longest = 1min, .at_once = 1};
    open_with({zero});
    append(zero, 1);
    CHECK(health().find("no handler process is named \"nobody\"") != std::string::npos);
  }

  TEST_CASE_FIXTURE(group_stage, "an exception text of a handler is reported on one line") {
    group().handler = handler_factory{
      []() -> std::unique_ptr<batch_handler> { throw std::runtime_error{"no\ndatabase\x1b"}; }};
    open_with({zero});
    time.advance(10s);
    CHECK(health().find("no\\ndatabase\\x1b") != std::string::npos);
    CHECK(health().find('\n') == std::string::npos);
  }

  TEST_CASE_FIXTURE(group_stage, "a missing topic is reported until it exists") {
    group().topics = {"t", "u"};
    kafka->partitions["u"] = 0;
    open();
    CHECK(kafka->happened() == "");
    give({zero});
    CHECK(health()
          == "degraded: topic/u: the topic does not exist, or this client may not describe "
             "it");
    kafka->partitions["u"] = 1;
    time.advance(6s);
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(
    group_stage, "a topic that disappears is reported after the driver's unknown_topic failure") {
    open_with({zero});
    kafka->partitions["t"] = 0;
    kafka->push(handle_failed{{.code = errc::unknown_topic, .text = "t: gone"}});
    time.run();
    CHECK(health()
          == "degraded: topic/t: the topic does not exist, or this client may not describe "
             "it");
  }

  TEST_CASE_FIXTURE(group_stage, "a worker that fails repeatedly degrades its partition") {
    bool works = false;
    handlers->on_batch = [&](const assignment& lease, batch) -> verdict {
      if (lease.where.partition == 0 && !works)
        throw std::runtime_error{"no database"};
      return ack();
    };
    group().worker_restarts = {.first = 1s, .longest = 1s, .at_once = 1, .healthy_after = 10s};
    open_with({zero, one});
    append(zero, 1);
    CHECK(health() == "degraded: worker/t/0: failed 2 times in a row: crashed: no database");
    works = true;
    // The replacement starts after one second. The manager inspects it one second later.
    time.advance(2s);
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "a worker stays degraded while its handler takes longer than healthy_after to fail") {
    std::vector<std::chrono::nanoseconds> began;
    std::vector<std::string> meanwhile;
    handlers->on_batch = [&](const assignment&, batch) -> verdict {
      began.push_back(time.now().time_since_epoch());
      time.advance(15s);
      meanwhile.push_back(health());
      throw std::runtime_error{"no database"};
    };
    group().worker_restarts = {.first = 1s, .longest = 1h, .at_once = 1, .healthy_after = 10s};
    open_with({zero});
    append(zero, 1);
    time.advance(70s);
    REQUIRE(began.size() >= 5);
    CHECK(began[1] - began[0] == 15s);
    CHECK(began[2] - began[1] == 16s);
    CHECK(began[3] - began[2] == 17s);
    CHECK(began[4] - began[3] == 19s);
    CHECK(meanwhile[2] == "degraded: worker/t/0: failed 2 times in a row: crashed: no database");
    CHECK(meanwhile[3] == "degraded: worker/t/0: failed 3 times in a row: crashed: no database");
    handlers->on_batch = nullptr;
    time.advance(1min);
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "an old failure of a partition without messages expires after healthy_after") {
    int starts = 0;
    handlers->at_start = [&](const assignment&) {
      if (++starts <= 3)
        throw std::runtime_error{"no database"};
    };
    group().worker_restarts = {.first = 1s, .longest = 1s, .at_once = 1, .healthy_after = 10s};
    open_with({zero});
    time.advance(4s);
    CHECK(worker(zero));
    CHECK(health().find("degraded: worker/t/0: failed 3 times in a row") == 0);
    time.advance(12s);
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "a worker stays degraded by its failing partition while its other partitions advance") {
    const topic_partition other{"u", 0};
    group().topics = {"t", "u"};
    group().allocation = worker_allocation::per_partition;
    std::vector<std::chrono::nanoseconds> tries;
    handlers->on_batch = [&](const assignment&, batch what) -> verdict {
      if (what.from() != other)
        return ack();
      tries.push_back(time.now().time_since_epoch());
      throw std::runtime_error{"no database"};
    };
    group().worker_restarts = {.first = 1s, .longest = 1h, .at_once = 1, .healthy_after = 10s};
    open_with({zero, other});
    append(other, 1);
    for (int second = 0; second < 20; ++second) {
      append(zero, 1);
      time.advance(1s);
    }
    CHECK(kafka->group[zero] > 0);
    CHECK(tries.size() == 6);
    CHECK(health().find("degraded: worker/0: failed 6 times in a row") == 0);
    handlers->on_batch = nullptr;
    time.advance(1min);
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(
    group_stage, "an acknowledgement clears a failure that the previous group manager reported") {
    handlers->on_batch
      = [&](const assignment&, batch) -> verdict { throw std::runtime_error{"no database"}; };
    group().worker_restarts = {.first = 1min, .longest = 1min, .at_once = 1};
    open_with({zero});
    append(zero, 1);
    CHECK(health().find("degraded: worker/t/0: failed 2 times in a row") == 0);
    handlers->on_batch = nullptr;
    kill_named("group_manager");
    time.advance(5s);
    CHECK(kafka->group[zero] == 1);
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "a new group manager does not report a hanging worker as healthy") {
    handlers->on_batch
      = [&](const assignment&, batch) -> verdict { throw std::runtime_error{"no database"}; };
    group().worker_restarts = {.first = 1s, .longest = 1s, .at_once = 1, .healthy_after = 10s};
    open_with({zero});
    append(zero, 1);
    // The handler hangs at the next message.
    bool hangs = true;
    handlers->on_batch = [&](const assignment&, batch) -> verdict {
      if (std::exchange(hangs, false)) {
        kill(named("group_manager"));
        time.advance(1min);
        CHECK(health().find("degraded: worker/t/0") == 0);
      }
      return ack();
    };
    time.advance(2min);
    CHECK_FALSE(hangs);
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "health reports a failed partition until the partition is fetched again") {
    open_with({zero});
    kafka->fail_partition(zero, {.code = errc::not_authorized, .text = "topic: read refused"});
    time.run();
    CHECK(health().find("stalled: partition/t/0: not_authorized: topic: read refused") == 0);
    kafka->logs[zero].failed.reset();
    append(zero, 1);
    time.advance(30s);
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(group_stage, "failures of a partition are cleared if another member gets the "
                                 "partition after a coordinator crash") {
    handlers->on_batch
      = [&](const assignment&, batch) -> verdict { throw std::runtime_error{"no"}; };
    group().worker_restarts = {.first = 1min, .longest = 1min, .at_once = 1};
    open_with({zero, one});
    append(zero, 1);
    kafka->fail_partition(one, {.code = errc::not_authorized, .text = "read refused"});
    time.run();
    CHECK(health().find("partition/t/1: not_authorized: read refused") != std::string::npos);
    CHECK(health().find("worker/t/0: failed 2 times in a row") != std::string::npos);
    kill_named("coordinator");
    CHECK(health() == "starting: coordinator: no partitions are assigned yet");
    give({});
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "failures of a partition are cleared if it is lost while the group manager is dead") {
    handlers->on_batch
      = [&](const assignment&, batch) -> verdict { throw std::runtime_error{"no"}; };
    group().worker_restarts = {.first = 1min, .longest = 1min, .at_once = 1};
    open_with({zero, one});
    append(zero, 1);
    CHECK(health().find("degraded: worker/t/0") == 0);
    kill(named("group_manager"));
    kafka->take_back({zero}, true);
    time.run();
    CHECK(health() == "healthy");
    CHECK(worker(one));
  }

  TEST_CASE_FIXTURE(
    group_stage, "a group is healthy after it lost a partition that the assignment hook rejected") {
    bool refuses = true;
    group().assignment_received
      = [&](const assigned_partition& what) -> std::optional<std::string> {
      if (what.where.partition == 0 || !refuses)
        return std::nullopt;
      // The partition is lost before the next manager calls the hook.
      kafka->take_back({one}, true);
      return "not mine";
    };
    open();
    give({zero, one});
    CHECK(worker(zero));
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "partitions whose first offset cannot be resolved degrade the group until a look-up succeeds") {
    open_with({zero});
    kafka->take_back({zero});
    time.run();
    CHECK(health() == "starting: coordinator: no partitions are assigned yet");
    kafka->resolves = reply::failing(errc::unknown_topic, "no leader");
    give({zero, one});
    CHECK(health()
          == "degraded: coordinator: no partitions are assigned yet; partition/t/0: cannot resolve "
             "the first offset: unknown_topic: no leader; partition/t/1: cannot resolve the first "
             "offset: unknown_topic: no leader");
    kafka->resolves = {};
    time.advance(1s);
    CHECK(health() == "healthy");
    kafka->resolves = reply::failing(errc::unknown_topic, "no leader");
    kafka->take_back({zero, one});
    time.run();
    give({zero, one});
    kafka->take_back({zero, one});
    time.run();
    CHECK(health() == "starting: coordinator: no partitions are assigned yet");
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "a failed commit degrades its partition until a commit succeeds or the partition is lost") {
    open_with({zero, one});
    kafka->commits = reply::failing(errc::timed_out);
    append(zero, 1);
    let_commit();
    CHECK(health() == "degraded: partition/t/0: commit failed: timed_out: no luck");
    kafka->commits = {};
    let_commit();
    CHECK(health() == "healthy");
    kafka->commits = reply::withheld();
    append(one, 1);
    let_commit();
    auto refused = kafka->member->last_commit;
    refused.positions[0].failed = error{.code = errc::not_authorized, .text = "no"};
    kafka->push(refused);
    time.run();
    CHECK(health() == "stalled: partition/t/1: commit failed: not_authorized: no");
    kafka->take_back({one}, true);
    time.run();
    CHECK(health() == "healthy");
    kafka->push(refused);
    time.run();
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "a commit that fails during a rebalance does not change the health") {
    open_with({zero});
    kafka->commits = reply::failing(errc::rebalance_in_progress);
    append(zero, 1);
    let_commit();
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "a connection fails to start with the driver's error if the driver rejects a setting") {
    settings.restarts = {.at_most = 2, .within = 1h};
    kafka->opens = reply::failing(errc::bad_setting, "\"a\" cannot be \"b\"");
    const auto& seen = open();
    CHECK_FALSE(seen.up());
    CHECK(seen.failure().find("bad_setting: \"a\" cannot be \"b\"") != std::string::npos);
  }
}
