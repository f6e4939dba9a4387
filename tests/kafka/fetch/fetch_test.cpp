#include <ottla/kafka/fetch/fetch.hpp>

#include "fetched_topic.hpp"
#include "kafka/internal/driver/black_hole.hpp"

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

error failure_of(const cluster_settings& at, const fetch_settings& what,
                 std::chrono::milliseconds within) {
  const auto got = fetch(at, what, within);
  REQUIRE_FALSE(got);
  return got.error();
}

} // namespace

TEST_SUITE("fetch" * doctest::timeout(60)) {
  TEST_CASE_FIXTURE(fetched_topic,
                    "fetch begins at the earliest record of partition 0 by default") {
    const auto got = fetch(at, {.topic = "t"}, 15s);
    REQUIRE(got);
    CHECK(values_of(got->records) == values_between(1, 10));
    CHECK(got->next == 10);
    CHECK(got->log_begin == 0);
    CHECK(got->log_end == 10);
    CHECK(got->from == topic_partition{"t", 0});
    CHECK(got->records[4].key == "key5");
    CHECK(got->records[4].offset == 4);
  }

  TEST_CASE_FIXTURE(fetched_topic, "fetch begins at the given offset of the given partition") {
    const auto got = fetch(at, {.topic = "t", .partition = 1, .from = at_offset{3}}, 15s);
    REQUIRE(got);
    CHECK(values_of(got->records) == values_between(14, 20));
    CHECK(got->log_end == 10);
  }

  TEST_CASE_FIXTURE(fetched_topic, "a fetched record has its headers, null values and timestamp") {
    const auto when = std::chrono::sys_days{std::chrono::year{2020} / 5 / 17};
    store(*make_librdkafka_driver(at), "t",
          {{.key = "k",
            .value = std::nullopt,
            .headers = {{"a", "1"}, {"a", std::nullopt}},
            .timestamp = when}},
          2);
    const auto got = fetch(at, {.topic = "t", .partition = 2, .from = at_offset{10}}, 15s);
    REQUIRE(got);
    REQUIRE(got->records.size() == 1);
    const auto& one = got->records.front();
    CHECK(one.key == "k");
    CHECK_FALSE(one.value);
    REQUIRE(one.headers.size() == 2);
    CHECK(one.headers[0].second == "1");
    CHECK(one.headers[1].first == "a");
    CHECK_FALSE(one.headers[1].second);
    CHECK(one.timestamp == saturating_time{when});
  }

  TEST_CASE_FIXTURE(fetched_topic,
                    "an unknown partition and an offset beyond the end of the log are errors") {
    const auto partition = failure_of(at, {.topic = "t", .partition = 3}, 10s);
    CHECK(partition.code == errc::unknown_topic);
    CHECK(partition.text == "partition t/3 does not exist: the topic has 3 partitions");
    const auto offset = failure_of(at, {.topic = "t", .from = at_offset{11}}, 10s);
    CHECK(offset.code == errc::offset_out_of_range);
    CHECK(offset.text == "t/0: offset 11 is beyond the end of the log, 10");
  }

  TEST_CASE("a fetch without a broker fails within its deadline") {
    const auto began = steady::now();
    const auto refused = failure_of({.brokers = "127.0.0.1:1"}, {.topic = "t"}, 600ms);
    CHECK(refused.code == errc::unreachable);
    CHECK(refused.text.starts_with("no broker of \"127.0.0.1:1\" answered within 600 ms ("));
    CHECK(refused.text.find("127.0.0.1:1") != refused.text.rfind("127.0.0.1:1"));
    black_hole silent;
    const auto unanswered = failure_of({.brokers = silent.broker()}, {.topic = "t"}, 600ms);
    CHECK(unanswered.code == errc::unreachable);
    CHECK(steady::now() - began < 8s);
  }

  TEST_CASE("wrong settings of a fetch are errors that contact no broker") {
    const auto none = failure_of({.brokers = "127.0.0.1:1"}, {.topic = "a b", .partition = -1}, 5s);
    CHECK(none.code == errc::bad_setting);
    const auto brokers = failure_of({.brokers = ""}, {.topic = "t"}, 5s);
    CHECK(brokers.code == errc::bad_setting);
    const auto key
      = failure_of({.brokers = "127.0.0.1:1", .extra = {{"fetch.waitt", "1"}}}, {.topic = "t"}, 5s);
    CHECK(key.code == errc::bad_setting);
  }
}
