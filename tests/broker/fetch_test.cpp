// Streams and fetches over logs that only a real broker makes: compacted, transactional, trimmed
// and deleted logs, and ranges by time.

#include <ottla/kafka/admin/topics.hpp>
#include <ottla/kafka/fetch/fetch.hpp>
#include <ottla/kafka/fetch/stream.hpp>

#include "broker/compacted_tail.hpp"
#include "broker/open_transaction.hpp"
#include "kafka/internal/driver/raw_producer.hpp"
#include "kafka/internal/driver/raw_sender.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <numeric>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

stream open(const stream_settings& what) {
  auto opened = open_stream({.brokers = brokers()}, what, 30s);
  REQUIRE_MESSAGE(opened, to_string(opened ? error{} : opened.error()));
  return *std::move(opened);
}

std::vector<std::int64_t> offsets_of(stream& from) {
  std::vector<std::int64_t> all;
  for (const auto& each : from)
    all.push_back(each.offset());
  CHECK_MESSAGE(!from.failure(), to_string(from.failure().value_or(error{})));
  for (const auto& each : from.progress())
    CHECK(each.to_do() == 0);
  return all;
}

std::vector<std::int64_t> offsets_of(const stream_settings& what) {
  auto opened = open(what);
  return offsets_of(opened);
}

std::vector<std::int64_t> range(std::int64_t first, std::int64_t end) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(end - first));
  std::iota(all.begin(), all.end(), first);
  return all;
}

fetched_records fetch_all(const fetch_settings& what) {
  auto got = fetch({.brokers = brokers()}, what, 30s);
  REQUIRE_MESSAGE(got, to_string(got ? error{} : got.error()));
  return *std::move(got);
}

} // namespace

TEST_SUITE("fetch on Apache Kafka" * doctest::timeout(300)) {
  TEST_CASE(
    "streams and fetches end at the end of a topic whose last records were compacted away") {
    const auto [topic, kept, erased, end] = make_compacted_tail();
    const auto left = range(0, kept);
    REQUIRE(offsets_of({.topic = topic}) == left);

    CHECK(offsets_of({.topic = topic, .from = at_offset{kept + erased}}).empty());
    CHECK(offsets_of({.topic = topic, .until = below{kept + 50}}) == left);
    CHECK(offsets_of({.topic = topic, .from = at_offset{4}, .until = below{6}}) == range(4, 6));
    const auto got = fetch_all({.topic = topic});
    CHECK(got.records.size() == kept);
    CHECK(got.next == end);
    CHECK(got.log_end == end);
    CHECK(fetch_all({.topic = topic, .from = at_offset{kept}}).records.empty());
  }

  TEST_CASE("a stream skips aborted records and control records, unless it reads uncommitted") {
    const auto topic = fresh_topic("transactions", 1);
    raw_producer to{brokers(), topic};
    std::vector<std::int64_t> committed;
    std::vector<std::int64_t> all;
    std::int64_t offset = 0;
    for (const bool keep : {true, false, true, false, false}) {
      to.begin();
      for (int i = 0; i < 30; ++i, ++offset) {
        to.send(topic, keep ? "kept" : "aborted");
        all.push_back(offset);
        if (keep)
          committed.push_back(offset);
      }
      to.flush();
      if (keep)
        to.commit();
      else
        to.abort();
      ++offset; // the control record
    }
    CHECK(offsets_of({.topic = topic}) == committed);
    CHECK(offsets_of({.topic = topic, .read_committed = false}) == all);
    // The range has only aborted records.
    CHECK(offsets_of({.topic = topic, .from = at_offset{94}}).empty());
    CHECK(offsets_of({.topic = topic, .from = at_offset{35}, .until = below{50}}).empty());
    CHECK(fetch_all({.topic = topic}).next == offset);
  }

  TEST_CASE_FIXTURE(open_transaction, "a stream ends before an open transaction, unless it reads "
                                      "uncommitted") {
    CHECK(offsets_of({.topic = topic}) == range(0, 10));
    CHECK(offsets_of({.topic = topic, .read_committed = false}) == range(0, 23));
    CHECK(offsets_of({.topic = topic, .from = at_offset{15}}).empty());
    const auto got = fetch_all({.topic = topic});
    CHECK(got.log_end == 10);
    CHECK(got.next == 10);
    CHECK(fetch_all({.topic = topic, .read_committed = false}).log_end == 23);
    // A stream by time ends at the same place.
    CHECK(offsets_of({.topic = topic, .from = since{time_of(4)}, .until = before{time_of(20)}})
          == range(4, 10));
    pending.commit();
    CHECK(offsets_of({.topic = topic}) == range(0, 23));
  }

  TEST_CASE("a stream by time begins and ends at the first records that are not older") {
    const auto topic = fresh_topic("timed", 1);
    const auto begin = std::chrono::system_clock::time_point{std::chrono::hours{24 * 365 * 50}};
    const auto time_of = [&](int number) { return begin + std::chrono::seconds{number}; };
    raw_producer to{brokers()};
    for (int number = 0; number < 100; ++number)
      to.send(topic, std::to_string(number), std::nullopt, time_of(number));
    to.flush();
    const auto between = [&](begin_offset from, end_offset until) {
      return offsets_of({.topic = topic, .from = std::move(from), .until = std::move(until)});
    };
    CHECK(between(since{time_of(20)}, before{time_of(50)}) == range(20, 50));
    CHECK(between(since{time_of(20) + 1ms}, before{time_of(50) + 1ms}) == range(21, 51));
    CHECK(between(since{time_of(-9)}, before{time_of(900)}) == range(0, 100));
    CHECK(between(since{time_of(900)}, latest{}).empty());
    CHECK(between(earliest{}, before{time_of(-9)}).empty());
    CHECK(between(since{time_of(90)}, latest{}) == range(90, 100));
    CHECK(between(since{time_of(50)}, before{time_of(20)}).empty());
    CHECK(fetch_all({.topic = topic, .from = since{time_of(97)}}).records.size() == 3);
  }

  TEST_CASE("a trimmed topic is read from its earliest record, and an emptied topic ends at once") {
    const auto topic = fresh_topic("trimmed", 1);
    store_numbered(topic, 1, 100);
    trim_topic(brokers(), topic, 60);
    CHECK(offsets_of({.topic = topic}) == range(60, 100));
    CHECK(offsets_of({.topic = topic, .from = at_offset{5}}) == range(60, 100));
    CHECK(offsets_of({.topic = topic, .until = below{50}}).empty());
    const auto got = fetch_all({.topic = topic, .from = at_offset{5}});
    CHECK(got.log_begin == 60);
    CHECK(got.records.front().offset == 60);
    trim_topic(brokers(), topic, 100);
    CHECK(offsets_of({.topic = topic}).empty());
    CHECK(fetch_all({.topic = topic}).next == 100);
    CHECK(offsets_of({.topic = fresh_topic("empty", 3)}).empty());
  }

  TEST_CASE("a stream continues at the earliest record if retention overtakes it") {
    constexpr int count = 3'000;
    const auto topic = fresh_topic("overtaken", 1);
    raw_sender to{brokers(), topic};
    for (int number = 0; number < count; ++number)
      to.send(0, std::string(10'000, 'x'));
    to.flush();
    auto records = open({.topic = topic, .ahead_bytes = std::size_t{64} * 1024});
    auto at = records.begin();
    REQUIRE(at != records.end());
    trim_topic(brokers(), topic, count - 100);
    std::vector<std::int64_t> seen;
    for (const auto& each : records)
      seen.push_back(each.offset());
    CHECK_MESSAGE(!records.failure(), to_string(records.failure().value_or(error{})));
    CHECK(std::ranges::is_sorted(seen));
    CHECK(seen.size() < count - 100);
    const auto tail = range(count - 100, count);
    REQUIRE(seen.size() >= tail.size());
    CHECK(std::equal(tail.rbegin(), tail.rend(), seen.rbegin()));
    CHECK(records.progress().front().to_do() == 0);
  }

  TEST_CASE("a stream of a topic that is deleted while it is read fails with unknown_topic") {
    const auto topic = fresh_topic("deleted", 1);
    raw_sender to{brokers(), topic};
    for (int number = 0; number < 3'000; ++number)
      to.send(0, std::string(10'000, 'x'));
    to.flush();
    auto records = open({.topic = topic, .ahead_bytes = std::size_t{64} * 1024});
    REQUIRE(records.begin() != records.end());
    REQUIRE(delete_topic({.brokers = brokers()}, topic, 30s));
    for (const auto& each : records)
      static_cast<void>(each);
    REQUIRE(records.failure());
    CHECK_MESSAGE(records.failure()->code == errc::unknown_topic, to_string(*records.failure()));
    CHECK(records.failure()->text.find(topic) != std::string::npos);
    const auto got = fetch({.brokers = brokers()}, {.topic = topic}, 30s);
    REQUIRE_FALSE(got);
    CHECK(got.error().code == errc::unknown_topic);
  }

  TEST_CASE("an unknown topic and an unknown partition are errors") {
    const auto topic = fresh_topic("three", 3);
    const auto nowhere = fetch({.brokers = brokers()}, {.topic = topic + "-not"}, 30s);
    REQUIRE_FALSE(nowhere);
    CHECK(nowhere.error().code == errc::unknown_topic);
    const auto partition = fetch({.brokers = brokers()}, {.topic = topic, .partition = 3}, 30s);
    REQUIRE_FALSE(partition);
    CHECK(partition.error().text
          == "partition " + topic + "/3 does not exist: the topic has 3 partitions");
  }

  TEST_CASE("a rejected login is an error long before the deadline") {
    const auto* login = std::getenv("OTTLA_OAUTH_BROKERS");
    REQUIRE(login != nullptr);
    const auto began = steady::now();
    const auto got = fetch({.brokers = login,
                            .extra = {{"security.protocol", "sasl_plaintext"},
                                      {"sasl.mechanisms", "PLAIN"},
                                      {"sasl.username", "nobody"},
                                      {"sasl.password", "hunter2"}}},
                           {.topic = "t"}, 60s);
    REQUIRE_FALSE(got);
    CHECK_MESSAGE(got.error().code == errc::authentication_failed, to_string(got.error()));
    CHECK(got.error().text.find("hunter2") == std::string::npos);
    CHECK(steady::now() - began < 30s);
  }

  TEST_CASE("a stream of many partitions returns every record once") {
    constexpr int partitions = 24;
    constexpr int each = 500;
    const auto topic = fresh_topic("many", partitions);
    raw_sender to{brokers(), topic};
    for (int number = 0; number < each; ++number)
      for (std::int32_t partition = 0; partition < partitions; ++partition)
        to.send(partition, std::to_string(number));
    to.flush();
    auto records = open({.topic = topic});
    std::map<topic_partition, std::int64_t> next;
    bool in_order = true;
    for (const auto& one : records) {
      auto& expected = next[one.from()];
      in_order = in_order && one.offset() == expected++;
    }
    CHECK(in_order);
    REQUIRE_FALSE(records.failure());
    CHECK(next.size() == partitions);
    for (const auto& [at, count] : next)
      CHECK(count == each);
  }
}
