#include <ottla/kafka/fetch/stream.hpp>

#include "fetched_topic.hpp"

#include <ranges>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

static_assert(std::ranges::input_range<stream>);
static_assert(std::ranges::viewable_range<stream&>);

TEST_SUITE("stream" * doctest::timeout(60)) {
  TEST_CASE_FIXTURE(fetched_topic, "a stream of one partition returns all its records in order") {
    auto records = open({.partitions = {2}});
    CHECK(values_of(rest_of(records)) == values_between(21, 30));
  }

  TEST_CASE_FIXTURE(fetched_topic, "a stream of a topic returns the records of all its partitions, "
                                   "each partition in order") {
    auto records = open();
    const auto all = rest_of(records);
    CHECK(values_of(sorted(all)) == values_between(1, 30));
    std::map<topic_partition, std::int64_t> last;
    for (const auto& each : all) {
      CHECK(last.try_emplace(each.from, -1).first->second < each.offset);
      last[each.from] = each.offset;
    }
  }

  TEST_CASE_FIXTURE(fetched_topic, "a stream begins each partition at the given offset") {
    auto records = open({.from = at_offset{9}});
    CHECK(values_of(sorted(rest_of(records)))
          == std::vector<std::string>{"val10", "val20", "val30"});
    auto behind = open({.from = at_offset{11}});
    CHECK(rest_of(behind).empty());
  }

  TEST_CASE_FIXTURE(fetched_topic, "a stream ends below the given offset") {
    auto records = open({.partitions = {1}, .until = below{3}});
    CHECK(values_of(rest_of(records)) == values_between(11, 13));
  }

// clang before 16 rejects the views of libstdc++ 12.
#if !defined(__clang__) || __clang_major__ >= 16
  TEST_CASE_FIXTURE(fetched_topic, "a stream works with views") {
    auto records = open({.partitions = {0}});
    std::vector<std::string> found;
    for (const auto& each : records | std::views::filter(value_contains("1")) | std::views::take(1))
      found.emplace_back(each.value());
    CHECK(found == values_between(1, 1));
  }
#endif

  TEST_CASE_FIXTURE(fetched_topic, "records that arrive later do not belong to the stream") {
    auto records = open({.partitions = {0}});
    store(*make_librdkafka_driver(at), "t", numbered(5), 0);
    CHECK(rest_of(records).size() == 10);
    auto more = open({.partitions = {0}});
    CHECK(rest_of(more).size() == 15);
  }

  TEST_CASE("a stream of an empty topic ends at once") {
    embedded_cluster cluster{{.topics = {{"t", 4}}}};
    auto records
      = open_stream({.brokers = cluster.brokers()}, {.topic = "t", .patience = 0ms}, 15s);
    REQUIRE(records);
    CHECK(rest_of(*records).empty());
    CHECK(records->progress().size() == 4);
  }

  TEST_CASE("a stream reads a large partition in order, with little memory ahead") {
    constexpr int count = 20'000;
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    const cluster_settings at{.brokers = cluster.brokers()};
    store(*make_librdkafka_driver(at), "t", numbered(count));
    auto records = open_stream(at, {.topic = "t", .ahead_bytes = std::size_t{64} * 1024}, 15s);
    REQUIRE(records);
    std::int64_t next = 0;
    for (const auto& each : *records)
      if (each.offset() != next || each.value() != std::to_string(next++))
        break;
    CHECK(next == count);
    CHECK_FALSE(records->failure());
  }

  TEST_CASE("a stream resumes at the earliest record if its beginning was deleted") {
    embedded_cluster cluster{{.topics = {{"t", 1}}}};
    const cluster_settings at{.brokers = cluster.brokers()};
    // More than the embedded cluster keeps.
    for (int i = 0; i < 12; ++i)
      store(*make_librdkafka_driver(at), "t",
            {{.key = std::to_string(i), .value = std::string(900'000, 'x')}});
    auto records = open_stream(at, {.topic = "t", .from = at_offset{0}}, 15s);
    REQUIRE(records);
    const auto first = records->progress().front().first;
    CHECK(first > 0);
    const auto all = rest_of(*records);
    CHECK(all.front().offset == first);
    CHECK(all.back().offset == 11);
  }

  TEST_CASE_FIXTURE(fetched_topic, "a stream fails when its brokers are away for its patience") {
    auto records = open({.partitions = {0}, .patience = 1500ms});
    cluster.take_broker_down(1);
    CHECK(records.begin() == records.end());
    REQUIRE(records.failure());
    CHECK(records.failure()->retriable);
    CHECK(records.failure()->text.starts_with(
      "t/0: no record and no end of the log arrived within 1500 ms"));
  }

  TEST_CASE_FIXTURE(fetched_topic, "a stream survives a broker that returns within its patience") {
    auto records = open();
    cluster.take_broker_down(1);
    cluster.bring_broker_up(1);
    CHECK(rest_of(records).size() == 30);
  }

  TEST_CASE_FIXTURE(fetched_topic, "a program may destroy a stream before its last record") {
    {
      auto records = open();
      CHECK(records.begin() != records.end());
    }
    CHECK(await_reaped(20s) == 0);
  }
}
