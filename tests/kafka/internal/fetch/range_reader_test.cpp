#include <ottla/kafka/internal/fetch/fetch_from.hpp>
#include <ottla/kafka/internal/fetch/range_reader.hpp>

#include "support/fake_reader.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace ottla::kafka;
using namespace ottla::kafka::test;
using namespace std::chrono_literals;

namespace {

const topic_partition zero{"t", 0};
const topic_partition one{"t", 1};

/// A topic of two partitions.
struct two_partitions {
  std::shared_ptr<fake_kafka> kafka = std::make_shared<fake_kafka>();
  reading_driver driver{kafka};

  two_partitions() { kafka->partitions["t"] = 2; }

  stream open(stream_settings what = {}) {
    what.topic = "t";
    auto opened = range_reader::open(driver, what, 1s);
    REQUIRE_MESSAGE(opened, to_string(opened ? error{} : opened.error()));
    return stream{*std::move(opened)};
  }

  error refused(stream_settings what, std::chrono::milliseconds within = 1s) {
    auto opened = range_reader::open(driver, what, within);
    REQUIRE_FALSE(opened);
    return opened.error();
  }

  static std::vector<std::int64_t> offsets(stream& from, const topic_partition& of) {
    std::vector<std::int64_t> all;
    for (const auto& each : from)
      if (each.from() == of)
        all.push_back(each.offset());
    return all;
  }

  /// Opens a stream and counts its records by partition.
  static std::map<topic_partition, std::vector<std::int64_t>> all_of(stream& from) {
    std::map<topic_partition, std::vector<std::int64_t>> all;
    for (const auto& each : from)
      all[each.from()].push_back(each.offset());
    return all;
  }
};

} // namespace

TEST_SUITE("range_reader") {
  TEST_CASE_FIXTURE(two_partitions, "a stream reads each partition in order, up to the end that "
                                    "its log had when the stream was opened") {
    kafka->append(zero, 3);
    kafka->append(one, 2);
    auto records = open();
    kafka->append(zero, 5);
    auto seen = all_of(records);
    CHECK(seen[zero] == std::vector<std::int64_t>{0, 1, 2});
    CHECK(seen[one] == std::vector<std::int64_t>{0, 1});
    CHECK_FALSE(records.failure());
    CHECK(kafka->queues.empty());
    CHECK(kafka->batches_alive == 0);
  }

  TEST_CASE_FIXTURE(two_partitions, "empty partitions are not started") {
    kafka->append(one, 1);
    auto records = open();
    CHECK(all_of(records).size() == 1);
    CHECK(kafka->asked == std::vector<std::string>{"look up t/0 t/1", "start t/1@0"});
    CHECK(driver.script->shared_among == 1);
  }

  TEST_CASE_FIXTURE(two_partitions, "a stream whose log ends with a gap ends") {
    kafka->append(zero, 3);
    kafka->end_with_gap(zero, 4);
    kafka->end_with_gap(one, 2);
    auto records = open();
    CHECK(all_of(records)[zero].size() == 3);
    CHECK_FALSE(records.failure());
    for (const auto& each : records.progress())
      CHECK(each.to_do() == 0);
  }

  TEST_CASE_FIXTURE(two_partitions,
                    "a topic of many partitions is read eight partitions at a time") {
    kafka->partitions["t"] = 20;
    for (int partition = 0; partition < 20; ++partition)
      kafka->append({"t", partition}, 1'500);
    std::size_t most = 0;
    auto records = open();
    std::size_t count = 0;
    for (const auto& each : records) {
      static_cast<void>(each);
      ++count;
      most = std::max(most, kafka->queues.size());
    }
    CHECK(count == 30'000);
    CHECK(most == 8);
    CHECK(driver.script->shared_among == 8);
  }

  TEST_CASE_FIXTURE(two_partitions, "a stream holds one batch at a time") {
    kafka->append(zero, 5'000);
    auto records = open();
    for (const auto& each : records) {
      static_cast<void>(each);
      REQUIRE(kafka->batches_alive <= 1);
    }
    CHECK(kafka->batches_alive == 0);
  }

  TEST_CASE_FIXTURE(two_partitions, "a copy of a record outlives the stream") {
    kafka->append(one, 1);
    std::optional<stored_record> kept;
    {
      auto records = open();
      for (const auto& each : records)
        kept = each.copy();
    }
    REQUIRE(kept);
    CHECK(kept->from == one);
    CHECK(kept->offset == 0);
    CHECK(kept->value == "0");
  }

  TEST_CASE_FIXTURE(two_partitions, "begin resumes at the current record") {
    kafka->append(zero, 3);
    auto records = open();
    for (const auto& each : records) {
      CHECK(each.offset() == 0);
      break;
    }
    ++records.begin();
    CHECK(offsets(records, zero) == std::vector<std::int64_t>{1, 2});
  }

  TEST_CASE_FIXTURE(two_partitions, "progress counts offsets, and the last report is complete") {
    kafka->append(zero, 2'500);
    kafka->append(one, 1);
    std::vector<std::int64_t> reported;
    auto records = open({.on_progress = [&](std::span<const partition_progress> all) {
      REQUIRE(all.size() == 2);
      CHECK(all[0].end == 2'500);
      reported.push_back(all[0].done() + all[1].done());
    }});
    CHECK(records.progress()[0].to_do() == 2'500);
    all_of(records);
    CHECK(std::ranges::is_sorted(reported));
    CHECK(reported.size() >= 4);
    CHECK(reported.back() == 2'501);
  }

  TEST_CASE_FIXTURE(two_partitions, "a stream fails after its patience, and keeps its records") {
    kafka->append(zero, 2);
    kafka->logs[zero].end = 5; // nothing more arrives, and no end of the log is reported
    auto records = open({.partitions = {0}, .patience = 0ms});
    kafka->logs[zero].end = 2;
    CHECK(offsets(records, zero).size() == 2);
    REQUIRE(records.failure());
    CHECK(records.failure()->code == errc::timed_out);
    CHECK(records.failure()->text == "silence of t/0 for 0");
    CHECK(records.begin() == records.end());
  }

  TEST_CASE_FIXTURE(two_partitions,
                    "an exception of on_progress reaches the reader, and fails the stream") {
    kafka->append(zero, 2);
    auto records = open({.partitions = {0}, .on_progress = [](std::span<const partition_progress>) {
                           throw std::runtime_error{"no terminal"};
                         }});
    CHECK_THROWS_WITH(records.begin(), "no terminal");
    CHECK(records.begin() == records.end());
    REQUIRE(records.failure());
    CHECK(records.failure()->text == "on_progress threw an exception");
  }

  TEST_CASE_FIXTURE(two_partitions,
                    "a silent partition is looked up, which finds a deleted topic") {
    kafka->logs[zero].end = 5;
    auto records = open({.partitions = {0}, .patience = 1ms});
    kafka->logs[zero].end = 0; // the fake reports no end within the range
    driver.script->lookups_fail = error{.code = errc::unknown_topic, .text = "deleted"};
    CHECK(records.begin() == records.end());
    REQUIRE(records.failure());
    CHECK(records.failure()->text == "deleted");

    kafka->logs[zero].end = 5;
    driver.script->lookups_fail.reset();
    auto unreachable = open({.partitions = {0}, .patience = 1ms});
    kafka->logs[zero].end = 0;
    driver.script->lookups_fail
      = error{.code = errc::unreachable, .retriable = true, .text = "no broker"};
    CHECK(unreachable.begin() == unreachable.end());
    REQUIRE(unreachable.failure());
    CHECK(unreachable.failure()->text == "silence of t/0 for 1");
  }

  TEST_CASE_FIXTURE(two_partitions, "a failed partition ends the stream after its records") {
    kafka->append(zero, 2);
    auto records = open({.partitions = {0}});
    kafka->logs[zero].entries.pop_back();
    kafka->fail_partition(zero, {.code = errc::unknown_topic, .text = "t/0: deleted"});
    CHECK(offsets(records, zero) == std::vector<std::int64_t>{0});
    REQUIRE(records.failure());
    CHECK(to_string(*records.failure()) == "unknown_topic: t/0: deleted");
    CHECK(kafka->queues.empty());
  }

  TEST_CASE_FIXTURE(two_partitions,
                    "a log that is trimmed during the read continues at its new beginning") {
    kafka->append(zero, 10);
    auto records = open({.partitions = {0}});
    // The fake's queue returns the records before a failure, so there must be none.
    kafka->logs[zero].entries.clear();
    kafka->fail_partition(zero, {.code = errc::offset_out_of_range, .text = "gone"});
    kafka->log_start = 6;
    CHECK(records.begin() == records.end());
    CHECK(kafka->asked.back() == "seek t/0@6");
    CHECK_FALSE(records.failure());
    CHECK(records.progress().front().to_do() == 0);
  }

  TEST_CASE_FIXTURE(two_partitions, "a stream ends if the rest of its range is trimmed") {
    kafka->append(zero, 10);
    auto records = open({.partitions = {0}});
    kafka->logs[zero].entries.clear();
    kafka->fail_partition(zero, {.code = errc::offset_out_of_range, .text = "gone"});
    kafka->log_start = 12;
    CHECK(records.begin() == records.end());
    CHECK_FALSE(records.failure());
    CHECK(records.progress().front().to_do() == 0);
  }

  TEST_CASE_FIXTURE(two_partitions, "a log that lost its end fails the stream") {
    kafka->append(zero, 10);
    auto records = open({.partitions = {0}});
    kafka->logs[zero].entries.clear();
    kafka->fail_partition(zero, {.code = errc::offset_out_of_range, .text = "gone"});
    CHECK(offsets(records, zero).empty());
    REQUIRE(records.failure());
    CHECK(records.failure()->code == errc::offset_out_of_range);
  }

  TEST_CASE_FIXTURE(two_partitions, "times are looked up: first the beginning, then the end") {
    kafka->append(zero, 10);
    driver.script->since = {2, 6};
    const auto noon = std::chrono::system_clock::time_point{12h};
    auto records = open({.partitions = {0}, .from = since{noon}, .until = before{noon + 1h}});
    CHECK(driver.script->asked_times
          == std::vector<std::chrono::system_clock::time_point>{noon, noon + 1h});
    CHECK(offsets(records, zero) == std::vector<std::int64_t>{2, 3, 4, 5});
    driver.script->since = {4};
    auto rest = open({.partitions = {0}, .until = before{noon}});
    CHECK(offsets(rest, zero).size() == 4);
  }

  TEST_CASE_FIXTURE(two_partitions, "all wrong settings are reported at once") {
    const auto why = refused({.topic = "a b",
                              .partitions = {-1, 2, 2},
                              .from = at_offset{-3},
                              .until = below{-4},
                              .patience = -1ms,
                              .ahead_bytes = 0},
                             -5ms);
    CHECK(why.code == errc::bad_setting);
    for (const auto* part :
         {"\"a b\"", "partitions must not be negative, got -1",
          "partitions names partition 2 twice", "from must not be negative, got -3",
          "until must not be negative, got -4", "patience must not be negative, got -1ms",
          "within must not be negative, got -5ms", "ahead_bytes must not be 0"}) {
      CAPTURE(part);
      CHECK(why.text.find(part) != std::string::npos);
    }
    CHECK(kafka->asked.empty());
  }

  TEST_CASE_FIXTURE(two_partitions,
                    "a failed look-up and a failed opening are the stream's error") {
    driver.script->lookups_fail = error{.code = errc::unknown_topic, .text = "no topic"};
    CHECK(refused({.topic = "t"}).text == "no topic");
    CHECK(refused({.topic = "t", .partitions = {0}}).text == "no topic");
    kafka->opens = reply::failing(errc::bad_setting, "no handle");
    CHECK(refused({.topic = "t"}).text == "no handle");
  }

  TEST_CASE_FIXTURE(two_partitions, "a stream over a driver without readers is an error") {
    fake_driver plain{kafka};
    const auto opened = range_reader::open(plain, {.topic = "t"}, 1s);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().text == "this driver cannot read without a consumer group");
  }
}

TEST_SUITE("fetch_from") {
  TEST_CASE_FIXTURE(two_partitions,
                    "fetch ends at its limit of records, and says where to continue") {
    kafka->append(zero, 10);
    const auto got = fetch_from(driver, {.topic = "t", .most_records = 4}, 1s);
    REQUIRE(got);
    CHECK(got->records.size() == 4);
    CHECK(got->next == 4);
    CHECK(got->log_end == 10);
    const auto rest = fetch_from(driver, {.topic = "t", .from = at_offset{got->next}}, 1s);
    REQUIRE(rest);
    CHECK(rest->records.size() == 6);
    CHECK(rest->records.front().offset == 4);
    CHECK(rest->next == 10);
  }

  TEST_CASE_FIXTURE(two_partitions, "fetch ends at its limit of bytes, after at least one record") {
    kafka->append_sized(zero, 10, 100);
    const auto got = fetch_from(driver, {.topic = "t", .most_bytes = 250}, 1s);
    REQUIRE(got);
    CHECK(got->records.size() == 2);
    CHECK(got->next == 2);
    const auto large = fetch_from(driver, {.topic = "t", .most_bytes = 1}, 1s);
    REQUIRE(large);
    CHECK(large->records.size() == 1);
    CHECK(large->next == 1);
    const auto none = fetch_from(driver, {.topic = "t", .most_records = 0}, 1s);
    REQUIRE(none);
    CHECK(none->records.empty());
    CHECK(none->next == 0);
  }

  TEST_CASE_FIXTURE(two_partitions, "fetch at the end of the log returns nothing at once") {
    kafka->append(zero, 3);
    const auto got = fetch_from(driver, {.topic = "t", .from = latest{}}, 0ms);
    REQUIRE(got);
    CHECK(got->records.empty());
    CHECK(got->next == 3);
  }

  TEST_CASE_FIXTURE(two_partitions, "fetch behind the end of the log fails, below its beginning it "
                                    "returns the earliest records") {
    kafka->append(zero, 10);
    kafka->log_start = 4;
    kafka->logs[zero].entries.erase(kafka->logs[zero].entries.begin(),
                                    kafka->logs[zero].entries.begin() + 4);
    const auto behind = fetch_from(driver, {.topic = "t", .from = at_offset{11}}, 1s);
    REQUIRE_FALSE(behind);
    CHECK(behind.error().code == errc::offset_out_of_range);
    CHECK(behind.error().text == "t/0: offset 11 is beyond the end of the log, 10");
    const auto before = fetch_from(driver, {.topic = "t", .from = at_offset{1}}, 1s);
    REQUIRE(before);
    CHECK(before->records.front().offset == 4);
    CHECK(before->log_begin == 4);
    CHECK(before->records.size() == 6);
  }

  TEST_CASE_FIXTURE(two_partitions,
                    "fetch returns the records before a failure, and then the failure") {
    kafka->append(zero, 3);
    kafka->logs[zero].end = 5;
    kafka->fail_partition(zero, {.code = errc::not_authorized, .text = "no"});
    const auto got = fetch_from(driver, {.topic = "t"}, 1s);
    REQUIRE(got);
    CHECK(got->records.size() == 3);
    CHECK(got->next == 3);
    const auto next = fetch_from(driver, {.topic = "t", .from = at_offset{3}}, 1s);
    REQUIRE_FALSE(next);
    CHECK(next.error().code == errc::not_authorized);
  }

  TEST_CASE_FIXTURE(two_partitions, "fetch covers a gap at the end of the log") {
    kafka->append(zero, 3);
    kafka->end_with_gap(zero, 4);
    const auto got = fetch_from(driver, {.topic = "t"}, 1s);
    REQUIRE(got);
    CHECK(got->records.size() == 3);
    CHECK(got->next == 7);
  }
}
