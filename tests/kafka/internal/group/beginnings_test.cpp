// Which offsets the coordinator commits without an acknowledgement: the first offset of a
// partition, and the end of its log.

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("beginnings and ends") {
  TEST_CASE_FIXTURE(group_stage, "messages that retention deletes before the first acknowledgement "
                                 "are reported as out of range") {
    kafka->append(zero, 10);
    handlers->on_batch = [](const assignment&, const batch&) { return no_ack(); };
    open_with({zero});
    CHECK(kafka->group[zero] == 0);
    kafka->log_start = 6;
    std::erase_if(kafka->logs[zero].entries, [](const auto& each) { return each.offset < 6; });
    kafka->fail_partition(zero, {.code = errc::offset_out_of_range, .text = "deleted"});
    time.run();
    kafka->logs[zero].failed.reset();
    give({zero});
    CHECK(
      notes->saw("failed offset_out_of_range: t/0: offset 0 is outside of 6..10, beginning at 6"));
    CHECK(handlers->leases.back().missing == 0);
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "a log that lost the record before the committed offset is reported as out of range") {
    kafka->append(zero, 10);
    kafka->resolves = reply::withheld();
    open_with({zero});
    kafka->push(resolved{
      .asked = kafka->next_token() - 1,
      .beginnings
      = {{.at = zero, .offset = 0, .committed = 5, .log_begin = 0, .log_end = 10, .missing = 5}}});
    time.run();
    CHECK(notes->saw("failed offset_out_of_range: t/0: the log lost the record before offset 5, or "
                     "was created again; beginning at 0"));
    CHECK(handlers->leases.back().missing == 5);
  }

  TEST_CASE_FIXTURE(group_stage,
                    "a failed commit of a partition's first offset is retried until it succeeds") {
    kafka->commits = reply::failing(errc::rebalance_in_progress);
    open_with({zero});
    kafka->commits = {};
    let_commit();
    CHECK(kafka->happened() == "commit t/0@0");
    let_commit();
    CHECK(kafka->happened() == "");
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "the first offset of a partition that is lost right after its assignment is not committed") {
    kafka->resolves = reply::withheld();
    open_with({zero});
    const auto asked = kafka->next_token() - 1;
    kafka->push(resolved{.asked = asked, .beginnings = {{.at = zero, .offset = 0}}});
    kafka->take_back({zero}, true);
    time.run();
    let_commit();
    CHECK(notes->saw("assigned 1 t/0"));
    CHECK_FALSE(kafka->group.contains(zero));
  }

  TEST_CASE_FIXTURE(group_stage, "a topic created after the group started is read from its "
                                 "earliest record even if begin is latest") {
    const topic_partition other{"u", 0};
    group().topics = {"t", "u"};
    group().begin = latest{};
    kafka->partitions["t"] = 0;
    kafka->append(other, 2);
    open();
    kafka->partitions.clear();
    kafka->append(zero, 3);
    give({zero, other});
    CHECK(handlers->happened() == "start t/0@0, t/0[0..2], start u/0@2");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "a recreated topic is read from its first record even if begin is latest") {
    group().begin = latest{};
    kafka->append(zero, 4);
    open_with({zero});
    CHECK(handlers->happened() == "start t/0@4");
    kafka->partitions["t"] = 0;
    kafka->push(handle_failed{{.code = errc::unknown_topic, .text = "gone"}});
    kafka->take_back({zero});
    time.run();
    kafka->group.clear();
    kafka->logs.clear();
    kafka->partitions.clear();
    kafka->append(zero, 3);
    give({zero});
    CHECK(handlers->happened() == "start t/0@0, t/0[0..2]");
  }

  TEST_CASE_FIXTURE(
    group_stage, "the end of the log is committed if the log ends with offsets without records") {
    kafka->end_with_gap(zero, 4);
    open_with({zero});
    let_commit();
    CHECK(kafka->group[zero] == 4);
    append(zero, 3);
    let_commit();
    CHECK(kafka->group[zero] == 7);
    kafka->end_with_gap(zero, 2);
    time.run();
    let_commit();
    CHECK(kafka->group[zero] == 9);
    CHECK(notes->saw("acknowledged t/0@9"));
  }
}
