// Consumers without a group, on a fake Kafka in virtual time.

#include <ottla/kafka/consumer/group_requests.hpp>

#include "support/groupless_stage.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("consumer without a group") {
  TEST_CASE_FIXTURE(groupless_stage,
                    "all partitions of a topic are read from the earliest message, each by a "
                    "worker of its own") {
    kafka->append(zero, 7);
    REQUIRE(open().up());
    CHECK(kafka->happened() == "look up t/0, look up t/1, start t/0@0, start t/1@0");
    CHECK(handlers->happened() == "start t/0@0, t/0[0..4], t/0[5..6], start t/1@0");
    CHECK(worker(0));
    CHECK(worker(1));
    CHECK(handlers->leases[0].connection == "c");
    CHECK(handlers->leases[0].group.empty());
    CHECK(handlers->leases[0].generation == 0);
    CHECK(notes->saw("acknowledged t/0@7"));
    CHECK(health() == "healthy");
    append(one, 2);
    CHECK(handlers->happened() == "t/1[0..1]");
  }

  TEST_CASE_FIXTURE(groupless_stage, "only the listed partitions are read, and `health` names a "
                                     "listed partition that does not exist") {
    how().partitions = {1, 2};
    kafka->append(zero, 1);
    kafka->append(one, 1);
    REQUIRE(open().up());
    CHECK(handlers->happened() == "start t/1@0, t/1[0..0]");
    CHECK(health()
          == "degraded: consumer/t/topic/t: partition 2 does not exist: the topic has 2 "
             "partitions");
    kafka->partitions["t"] = 4;
    time.advance(6s);
    CHECK(handlers->happened() == "start t/2@0");
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(groupless_stage, "begin is the latest message, an offset, or a function") {
    kafka->append(zero, 7);
    SUBCASE("latest") {
      how().begin = latest{};
      open();
      CHECK(handlers->happened() == "start t/0@7, start t/1@0");
    }
    SUBCASE("an offset, and when_missing for a log that does not hold it") {
      how().begin = at_offset{6};
      how().when_missing = latest{};
      kafka->append(one, 3);
      open();
      CHECK(handlers->happened() == "start t/0@6, t/0[6..6], start t/1@3");
      CHECK(notes->saw("failed offset_out_of_range: t/1: offset 6 is outside of 0..3, beginning "
                       "at 3"));
    }
    SUBCASE("a function") {
      how().begin = [](const topic_partition& where) -> begin_offset {
        if (where.partition == 0)
          return at_offset{5};
        return latest{};
      };
      kafka->append(one, 3);
      open();
      CHECK(handlers->happened() == "start t/0@5, t/0[5..6], start t/1@3");
    }
  }

  TEST_CASE_FIXTURE(groupless_stage, "a begin function that throws or returns a negative offset is "
                                     "reported once, and called again") {
    int calls = 0;
    how().partitions = {0};
    how().begin = [&](const topic_partition&) -> begin_offset {
      if (++calls < 3)
        throw std::runtime_error{"no database"};
      return at_offset{calls < 4 ? -9 : 0};
    };
    REQUIRE(open().up());
    CHECK(handlers->happened() == "");
    CHECK(notes->saw("failed other: t/0: begin threw: no database"));
    CHECK(health().find("consumer/t/partition/t/0: cannot resolve the first offset: other: begin "
                        "threw: no database")
          != std::string::npos);
    time.advance(500ms);
    CHECK(calls == 2);
    CHECK(std::ranges::count(notes->lines, "failed other: t/0: begin threw: no database") == 1);
    time.advance(500ms);
    CHECK(notes->saw("failed other: t/0: begin returned the negative offset -9"));
    time.advance(500ms);
    CHECK(handlers->happened() == "start t/0@0");
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(groupless_stage,
                    "a dead worker is replaced, and only unacknowledged messages are delivered "
                    "again, from memory") {
    how().partitions = {0};
    handlers->on_batch
      = [](const assignment&, const batch& what) { return ack_until(what.front().offset() + 2); };
    open();
    append(zero, 5);
    CHECK(handlers->happened() == "start t/0@0, t/0[0..4]");
    kafka->asked.clear();
    handlers->on_batch = nullptr;
    kill_named("worker/0");
    CHECK(handlers->happened() == "start t/0@3, t/0[3..4]");
    CHECK(kafka->happened() == "");
  }

  TEST_CASE_FIXTURE(groupless_stage,
                    "after the crash of any process, messages resume after the last acknowledged "
                    "message") {
    how().partitions = {0};
    open();
    append(zero, 3);
    handlers->on_batch = [](const assignment&, const batch&) { return no_ack(); };
    append(zero, 2);
    handlers->lines.clear();
    handlers->on_batch = nullptr;
    std::string victim;
    SUBCASE("coordinator") {
      victim = "coordinator";
    }
    SUBCASE("acknowledger") {
      victim = "acknowledger";
    }
    SUBCASE("worker_supervisor") {
      victim = "worker_supervisor";
    }
    kill_named(victim);
    time.advance(1s);
    CHECK(handlers->happened() == "start t/0@3, t/0[3..4]");
    CHECK(health() == "healthy");
    CHECK(handlers->alive == 1);
  }

  TEST_CASE_FIXTURE(groupless_stage, "a crash of the group manager disturbs no worker") {
    open();
    handlers->lines.clear();
    kafka->asked.clear();
    kill_named("group_manager");
    append(zero, 2);
    CHECK(handlers->happened() == "t/0[0..1]");
    CHECK(kafka->happened() == "");
  }

  TEST_CASE_FIXTURE(groupless_stage, "a restart of the connection resumes after the last "
                                     "acknowledged message, and `latest` skips nothing") {
    how().begin = latest{};
    how().partitions = {0};
    const child_spec spec = settings;
    const auto first = start(spec).process;
    append(zero, 3);
    CHECK(handlers->happened() == "start t/0@0, t/0[0..2]");
    ask_to_end(first);
    CHECK(handlers->alive == 0);
    kafka->append(zero, 2);
    start(spec);
    CHECK(handlers->happened() == "start t/0@3, t/0[3..4]");
  }

  TEST_CASE_FIXTURE(groupless_stage, "partitions without an acknowledged message resume where they "
                                     "began, although begin is `latest`") {
    how().begin = latest{};
    how().partitions = {0};
    kafka->append(zero, 4);
    open();
    handlers->on_batch = [](const assignment&, const batch&) { return no_ack(); };
    append(zero, 2);
    CHECK(handlers->happened() == "start t/0@4, t/0[4..5]");
    handlers->on_batch = nullptr;
    kill_named("coordinator");
    CHECK(handlers->happened() == "start t/0@4, t/0[4..5]");
  }

  TEST_CASE_FIXTURE(groupless_stage, "new partitions are found within metadata_interval, and read "
                                     "from their earliest message, although begin is `latest`") {
    how().begin = latest{};
    settings.metadata_interval = 20s;
    open();
    kafka->append(two, 3);
    kafka->partitions["t"] = 3;
    handlers->lines.clear();
    time.advance(18s);
    CHECK(handlers->happened() == "");
    time.advance(4s);
    CHECK(handlers->happened() == "start t/2@0, t/2[0..2]");
    append(zero, 1);
    CHECK(handlers->happened() == "t/0[0..0]");
  }

  TEST_CASE_FIXTURE(groupless_stage,
                    "a missing topic is in `health`, and is read from its earliest "
                    "message when it exists") {
    kafka->partitions["t"] = 0;
    how().begin = latest{};
    open();
    CHECK(health()
          == "degraded: consumer/t/topic/t: the topic does not exist, or this client may not "
             "describe it");
    kafka->append(zero, 2);
    kafka->partitions["t"] = 1;
    time.advance(6s);
    CHECK(handlers->happened() == "start t/0@0, t/0[0..1]");
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(groupless_stage, "partitions of a topic that was deleted are given up, and "
                                     "resume when the topic is back") {
    open();
    append(zero, 3);
    kafka->partitions["t"] = 0;
    let_poll();
    CHECK(notes->saw("lost t/0 t/1"));
    CHECK(handlers->alive == 0);
    CHECK(health().find("consumer/t/topic/t: the topic does not exist") != std::string::npos);
    // The wait for the topic is no failure of the handle.
    time.advance(5min);
    CHECK(seam->script->opened == 1);
    handlers->lines.clear();
    kafka->partitions["t"] = 2;
    kafka->append(zero, 1);
    time.advance(6s);
    CHECK(handlers->happened() == "start t/0@3, t/0[3..3], start t/1@0");
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(groupless_stage, "after an offset out of range, the partition resumes where "
                                     "when_missing says, and other partitions lose nothing") {
    open();
    append(zero, 3);
    append(one, 4);
    handlers->lines.clear();
    kafka->log_start = 2;
    kafka->skip(zero, 5);
    kafka->logs[zero].entries.clear();
    kafka->log_start = 4;
    kafka->fail_partition(zero, {.code = errc::offset_out_of_range, .text = "deleted"});
    time.run();
    kafka->logs[zero].failed.reset();
    time.advance(1s);
    CHECK(handlers->happened() == "start t/1@4, start t/0@4");
    CHECK(
      notes->saw("failed offset_out_of_range: t/0: offset 3 is outside of 4..8, beginning at 4"));
    CHECK(handlers->leases.back().missing == 3);
  }

  TEST_CASE_FIXTURE(groupless_stage,
                    "a partition that cannot be started replaces the Kafka handle, "
                    "with a growing pause, and loses nothing") {
    how().partitions = {0};
    open();
    append(zero, 3);
    seam->script->starts_fail = error{.text = "no thread"};
    kill_named("coordinator");
    time.advance(1min);
    const auto opened = seam->script->opened;
    CHECK(opened >= 5);
    CHECK(opened <= 10);
    CHECK(notes->saw("failed other: no thread"));
    CHECK(health().find("consumer/t/coordinator: the Kafka handle ended: other: no thread; opening "
                        "the next handle in ")
          != std::string::npos);
    kafka->append(zero, 1);
    seam->script->starts_fail.reset();
    handlers->lines.clear();
    time.advance(1min);
    CHECK(handlers->happened() == "start t/0@3, t/0[3..3]");
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(groupless_stage,
                    "settings that let no handle open fail the start, and a later failure to "
                    "open is retried") {
    kafka->opens = reply::failing(errc::bad_setting, "bad key");
    SUBCASE("at the first start") {
      CHECK(!open().up());
    }
    SUBCASE("later") {
      kafka->opens = {};
      REQUIRE(open().up());
      append(zero, 1);
      kafka->opens = reply::failing(errc::unreachable, "no memory");
      kill_named("coordinator");
      time.advance(10s);
      kafka->opens = {};
      handlers->lines.clear();
      kafka->append(zero, 1);
      time.advance(1min);
      CHECK(handlers->happened() == "start t/0@1, t/0[1..1], start t/1@0");
    }
  }

  TEST_CASE_FIXTURE(groupless_stage, "a consumer needs no broker that answers to start, and reads "
                                     "as soon as brokers answer") {
    kafka->describes = reply::failing(errc::unreachable);
    REQUIRE(open().up());
    kafka->describes = {};
    kafka->append(zero, 1);
    time.advance(6s);
    CHECK(handlers->happened() == "start t/0@0, t/0[0..0], start t/1@0");
  }

  TEST_CASE_FIXTURE(groupless_stage,
                    "consumers of several topics and a group share a connection and stay apart") {
    auto others = std::make_shared<script>();
    settings.consumers.push_back(
      {.topic = "u", .partitions = {0}, .handler = handler<scripted_handler>(others)});
    settings.group_consumer
      = group_consumer{.group = "g", .topics = {"t"}, .handler = handler<scripted_handler>(others)};
    REQUIRE(open().up());
    CHECK(names->whereis("c/coordinator"));
    CHECK(names->whereis("c/consumer/t/coordinator"));
    CHECK(names->whereis("c/consumer/u/coordinator"));
    CHECK(health() == "starting: coordinator: no partitions are assigned yet");
    kafka->append({"u", 0}, 2);
    time.run();
    CHECK(others->happened() == "start u/0@0, u/0[0..1]");
    CHECK(handlers->happened() == "start t/0@0, start t/1@0");
    // A crash in one consumer does not restart the others.
    end_abruptly(names->whereis("c/consumer/u/coordinator"));
    CHECK(others->happened() == "start u/0@2");
    CHECK(handlers->happened() == "");
    CHECK(health() == "starting: coordinator: no partitions are assigned yet");
  }

  TEST_CASE_FIXTURE(groupless_stage,
                    "a worker that fails repeatedly degrades only its consumer's health") {
    how().partitions = {0};
    handlers->on_batch
      = [](const assignment&, const batch&) -> verdict { throw std::runtime_error{"bad record"}; };
    open();
    append(zero, 1);
    time.advance(3s);
    CHECK(health().find("consumer/t/worker/0: ") != std::string::npos);
    handlers->on_batch = nullptr;
    time.advance(1min);
    CHECK(health() == "healthy");
  }

  TEST_CASE_FIXTURE(groupless_stage, "a hook that hangs is in `health` under the consumer's name") {
    open();
    const auto coordinator = named("coordinator");
    time.hang(coordinator);
    time.advance(15s);
    CHECK(health().find("consumer/t/coordinator: the consumer/t/coordinator has not answered for")
          != std::string::npos);
    time.wake(coordinator);
    time.advance(5s);
    CHECK(health() == "healthy");
  }
}
