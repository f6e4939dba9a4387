// When health forgets that a partition could not be fetched.

#include <ottla/kafka/health.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

constexpr auto stalled = "stalled: partition/t/0: not_authorized: read refused";

struct refused : group_stage {
  void refuse(const topic_partition& which) {
    kafka->fail_partition(which, {.code = errc::not_authorized, .text = "read refused"});
    time.run();
  }
};

} // namespace

TEST_SUITE("fetch failures") {
  TEST_CASE_FIXTURE(refused,
                    "a fetch failure of an idle partition is cleared once Kafka reports the "
                    "end of the log again") {
    open_with({zero});
    append(zero, 3);
    let_commit();
    refuse(zero);
    CHECK(health() == stalled);
    time.advance(10s);
    CHECK(health() == "healthy");
    CHECK(kafka->happened() == "commit t/0@3, seek t/0@3");
  }

  TEST_CASE_FIXTURE(refused, "a fetch failure is cleared by new messages before their commit") {
    handlers->on_batch = [](const assignment&, batch) { return no_ack(); };
    open_with({zero});
    refuse(zero);
    append(zero, 3);
    time.advance(10s);
    CHECK(health() == "healthy");
    CHECK(kafka->happened() == "seek t/0@0");
  }

  TEST_CASE_FIXTURE(refused, "a fetch failure that lasts stays in health") {
    open_with({zero});
    kafka->logs[zero].fails_for_ever = true;
    refuse(zero);
    time.advance(1h);
    CHECK(health().find("partition/t/0: not_authorized: read refused") != std::string::npos);
  }

  TEST_CASE_FIXTURE(refused, "the recovery of one partition clears no failure of another") {
    open_with({zero, one});
    kafka->logs[one].fails_for_ever = true;
    refuse(one);
    refuse(zero);
    time.advance(10s);
    CHECK(health().find("partition/t/0") == std::string::npos);
    CHECK(health().find("partition/t/1: not_authorized: read refused") != std::string::npos);
  }

  TEST_CASE_FIXTURE(refused,
                    "a failed commit stays in health when the partition is fetched again") {
    open_with({zero});
    refuse(zero);
    kafka->commits = reply::failing(errc::not_authorized, "commit refused");
    append(zero, 3);
    time.advance(1min);
    CHECK(health() == "stalled: partition/t/0: commit failed: not_authorized: commit refused");
  }
}
