// The requests of group_requests.hpp, sent to a consumer without a group.

#include <ottla/kafka/consumer/group_requests.hpp>

#include "support/groupless_stage.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("consumer without a group: requests") {
  TEST_CASE_FIXTURE(groupless_stage, "get_lag answers with the lag of each partition") {
    handlers->on_batch = [](const assignment&, const batch&) { return no_ack(); };
    open();
    append(zero, 3);
    const auto heard = ask<lag_report>(*this, named("coordinator"), get_lag{});
    REQUIRE(heard.answer);
    REQUIRE(heard.answer->partitions.size() == 2);
    CHECK(heard.answer->partitions[0].lag() == 3);
    CHECK(heard.answer->partitions[1].lag() == 0);
  }

  TEST_CASE_FIXTURE(groupless_stage, "a paused topic delivers nothing until it is resumed") {
    open();
    ask<paused_topics>(*this, named("coordinator"), pause_topics{{"t"}});
    handlers->lines.clear();
    append(zero, 2);
    CHECK(handlers->happened() == "");
    ask<paused_topics>(*this, named("coordinator"), resume_topics{{"t"}});
    CHECK(handlers->happened() == "t/0[0..1]");
  }

  TEST_CASE_FIXTURE(groupless_stage, "a further topic is rejected") {
    open();
    const auto heard = ask<subscription>(*this, named("coordinator"), subscribe_topics{{"u"}});
    REQUIRE(heard.failed);
    CHECK(to_string(*heard.failed)
            .find("consumer of \"t\": a consumer without a group reads one "
                  "topic")
          != std::string::npos);
  }

  TEST_CASE_FIXTURE(groupless_stage, "an abort ends the consumer until its connection restarts") {
    open();
    const auto heard = ask<group_aborted>(*this, named("coordinator"), abort_group{});
    CHECK(heard.answer);
    append(zero, 1);
    CHECK(handlers->alive == 0);
    CHECK(health().starts_with("stalled: consumer/t/coordinator: aborted"));
  }

  TEST_CASE_FIXTURE(groupless_stage, "find_worker answers with the worker of a partition") {
    open();
    const auto heard = ask<worker_found>(*this, named("group_manager"), find_worker{zero});
    REQUIRE(heard.answer);
    CHECK(heard.answer->process == worker(0));
  }
}
