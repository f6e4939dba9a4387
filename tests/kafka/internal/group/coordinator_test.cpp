// How a group member handles missing offsets, failures of Kafka, and rejected settings.

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

TEST_SUITE("coordinator") {
  TEST_CASE_FIXTURE(
    group_stage,
    "a failed look-up of a first offset is retried, and reported once for each error") {
    open();
    kafka->resolves = reply::failing(errc::timed_out);
    give({zero});
    CHECK(kafka->happened() == "resolve t/0");
    CHECK(notes->saw("failed timed_out: t/0: no luck"));
    time.advance(1s);
    CHECK(kafka->happened() == "resolve t/0, resolve t/0");
    CHECK(std::ranges::count(notes->lines, "failed timed_out: t/0: no luck") == 1);
    kafka->resolves = reply::failing(errc::unreachable);
    time.advance(1s);
    CHECK(notes->saw("failed unreachable: t/0: no luck"));
    kafka->asked.clear();
    kafka->resolves = {};
    time.advance(1s);
    CHECK(kafka->happened() == "resolve t/0, assign t/0@0, commit t/0@0");
    CHECK(worker(zero));
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "when_missing sets where a partition resumes if its committed offset is out of range") {
    kafka->group[zero] = 30;
    kafka->append(zero, 20);
    kafka->append(one, 20);
    group().begin = at_offset{5};
    group().when_missing = latest{};
    open();
    give({zero, one});
    CHECK(kafka->happened() == "resolve t/0 t/1, assign t/0@20 t/1@5, commit t/0@20 t/1@5");
    CHECK(notes->saw("failed offset_out_of_range: t/0: offset 30 is outside of 0..20, beginning at "
                     "20"));
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "an assignment that is revoked before its beginnings are known starts no workers") {
    open();
    kafka->resolves = reply::withheld();
    give({zero});
    kafka->take_back({zero});
    time.run();
    CHECK(kafka->happened() == "resolve t/0, unassign t/0");
    CHECK(handlers->leases.empty());
    kafka->resolves = {};
    give({zero});
    CHECK(handlers->leases.size() == 1);
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "an offset out of range during fetching makes the member rejoin with a new handle") {
    open_with({zero});
    kafka->happened();
    kafka->fail_partition(zero, {.code = errc::offset_out_of_range, .text = "deleted"});
    time.run();
    CHECK(notes->saw("failed offset_out_of_range: t/0: deleted"));
    CHECK(kafka->joins == 2);
    kafka->logs[zero].failed.reset();
    give({zero});
    append(zero, 1);
    CHECK(handlers->lines.back() == "t/0[0..0]");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "a failed partition restarts its worker and keeps the membership") {
    open_with({zero});
    kafka->fail_partition(zero, {.code = errc::not_authorized, .text = "no"});
    time.run();
    CHECK(notes->saw("failed not_authorized: t/0: no"));
    CHECK(kafka->joins == 1);
    CHECK(handlers->leases.size() > 1);
    CHECK(handlers->lines.back() == "start t/0@0");
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "a fatal failure of the handle makes the member rejoin, and other failures are only reported") {
    open_with({zero});
    append(zero, 2);
    kafka->push(handle_failed{{.code = errc::unreachable, .text = "gone"}});
    time.run();
    CHECK(notes->saw("failed unreachable: gone"));
    CHECK(kafka->joins == 1);
    kafka->push(handle_failed{{.code = errc::fenced, .fatal = true, .text = "finished"}});
    time.run();
    CHECK(kafka->joins == 2);
    CHECK(handlers->alive == 0);
    give({zero});
    CHECK(handlers->alive == 1);
  }

  TEST_CASE_FIXTURE(group_stage,
                    "settings that the driver rejects fail the start with the driver's reason") {
    kafka->opens = reply::failing(errc::bad_setting, "\"x\" is no key");
    const auto& seen = open();
    CHECK_FALSE(seen.up());
    CHECK(seen.failure().find("\"x\" is no key") != std::string::npos);
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "the coordinator polls for events within a third of max_poll_interval even without a wake") {
    group().max_poll_interval = 45s;
    group().commit_interval = 1h;
    open();
    const auto before = kafka->member->polls;
    time.advance(60s);
    CHECK(kafka->member->polls >= before + 4);
  }
}
