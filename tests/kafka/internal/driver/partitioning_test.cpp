// Which partitions records get from a producing handle, by the partitioner of their topic.

#include <ottla/kafka/internal/driver/librdkafka/configuration.hpp>
#include <ottla/kafka/internal/driver/librdkafka/mask_of_settings.hpp>
#include <ottla/kafka/internal/driver/librdkafka/partitioning.hpp>
#include <ottla/kafka/producer/partitioner.hpp>

#include "event_pump.hpp"
#include "support/patience.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

std::vector<record> keyed(int count) {
  std::vector<record> records;
  for (int number = 0; number < count; ++number)
    records.push_back({.key = "key" + std::to_string(number), .value = std::to_string(number)});
  return records;
}

/// A topic `t` with four partitions, and one handle that produces to it.
class placing {
public:
  explicit placing(producer_settings how, std::vector<topic_producer_settings> topics = {})
    : to_{make_librdkafka_driver({.brokers = cluster.brokers()})
            ->open_producer(quick(std::move(how)), topics)} {}

  delivered send(std::vector<record> records, std::int32_t partition = -1,
                 const std::string& topic = "t") {
    const auto batch = make_batch(++last_, topic, std::move(records), partition);
    REQUIRE(to_->send(batch, 0) == batch->records.size());
    return to_.expect<delivered>(ottla::test::patience());
  }

  /// The partitions of these records, which must all be stored.
  std::vector<std::int32_t> partitions_of(std::vector<record> records, std::int32_t partition = -1,
                                          const std::string& topic = "t") {
    const auto report = send(std::move(records), partition, topic);
    CHECK(report.failures.empty());
    std::vector<std::int32_t> partitions;
    for (const auto& place : report.places)
      partitions.push_back(place.partition);
    return partitions;
  }

  embedded_cluster cluster{{.topics = {{"t", 4}, {"u", 4}, {"v", 4}, {"two", 2}}}};
  sender to_;

private:
  static producer_settings quick(producer_settings how) {
    how.linger = 1ms;
    return how;
  }

  token last_ = 0;
};

std::vector<std::int32_t> expected(const partitioner& how, const std::vector<record>& records) {
  std::vector<std::int32_t> partitions;
  for (const auto& each : records) {
    const auto where = partition_for(
      how, "t", 4, each.key ? std::optional<std::string_view>{*each.key} : std::nullopt);
    partitions.push_back(*where);
  }
  return partitions;
}

std::map<std::int32_t, int> counts_of(const std::vector<std::int32_t>& partitions) {
  std::map<std::int32_t, int> counts;
  for (const auto each : partitions)
    ++counts[each];
  return counts;
}

} // namespace

TEST_SUITE("partitioning" * doctest::timeout(120)) {
  TEST_CASE("a key gets the partition that partition_for computes, whether the topic's metadata is "
            "known or not") {
    for (const auto& how : {partitioner{murmur2{}}, partitioner{md5{}}}) {
      placing all{{.partitioner = how}};
      for (int round = 0; round < 2; ++round)
        CHECK(all.partitions_of(keyed(200)) == expected(how, keyed(200)));
    }
  }

  TEST_CASE("md5 gives \"key1\" partition 1 of 2, as in Elsa, and records without a key the "
            "partition of an empty key") {
    placing all{{.partitioner = md5{}}};
    CHECK(all.partitions_of({{.key = "key1"}}, -1, "two") == std::vector{1});
    const auto empty = *partition_for(md5{}, "t", 4, "");
    CHECK(all.partitions_of({{.value = "a"}, {.key = "", .value = "b"}})
          == std::vector{empty, empty});
  }

  TEST_CASE("murmur2 gives the partitions of Java's producer") {
    // Utils.toPositive(Utils.murmur2(key)) % 4, of Apache Kafka's UtilsTest.
    placing all{{.partitioner = murmur2{}}};
    CHECK(all.partitions_of({{.key = "21"},
                             {.key = "foobar"},
                             {.key = "a-little-bit-long-string"},
                             {.key = "a-little-bit-longer-string"},
                             {.key = "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8"},
                             {.key = "abc"}})
          == std::vector{(-973932308 & 0x7fffffff) % 4, (-790332482 & 0x7fffffff) % 4,
                         (-985981536 & 0x7fffffff) % 4, (-1486304829 & 0x7fffffff) % 4,
                         (-58897971 & 0x7fffffff) % 4, 479470107 % 4});
  }

  TEST_CASE("each topic has its own partitioner, and other topics have the producer's") {
    placing all{{.partitioner = fixed_partition{3}},
                {{.topic = "t", .partitioner = md5{}},
                 {.topic = "u", .partitioner = murmur2{}},
                 {.topic = "two", .extra = {{"partitioner", "murmur2"}}}}};
    CHECK(all.partitions_of(keyed(50)) == expected(md5{}, keyed(50)));
    CHECK(all.partitions_of(keyed(50), -1, "u") == expected(murmur2{}, keyed(50)));
    CHECK(all.partitions_of(keyed(3), -1, "v") == std::vector{3, 3, 3});
    CHECK(all.partitions_of({{.key = "foobar"}}, -1, "two")
          == std::vector{(-790332482 & 0x7fffffff) % 2});
  }

  TEST_CASE("a murmur2 of one topic replaces a key in extra of all topics") {
    placing all{{.extra = {{"partitioner", "consistent"}}},
                {{.topic = "t", .partitioner = murmur2{}}}};
    CHECK(all.partitions_of(keyed(50)) == expected(murmur2{}, keyed(50)));
    CHECK(all.partitions_of(keyed(50), -1, "u") != expected(murmur2{}, keyed(50)));
  }

  TEST_CASE("a partition that the produce names wins over the partitioner") {
    placing all{{.partitioner = fixed_partition{3}}};
    CHECK(all.partitions_of(keyed(2), 1) == std::vector{1, 1});
  }

  TEST_CASE("round_robin places each record alone, with and without keys") {
    placing all{{.partitioner = round_robin{}}};
    CHECK(all.partitions_of(numbered(6)) == std::vector{0, 1, 2, 3, 0, 1});
    CHECK(all.partitions_of(std::vector<record>(3, {.key = "same"})) == std::vector{2, 3, 0});
  }

  TEST_CASE("random spreads the records of one batch, with and without keys") {
    placing all{{.partitioner = ottla::kafka::random{}}};
    for (auto& records : {numbered(400), std::vector<record>(400, {.key = "same"})}) {
      const auto counts = counts_of(all.partitions_of(records));
      REQUIRE(counts.size() == 4);
      for (const auto& [partition, count] : counts)
        CHECK(count > 50);
    }
  }

  TEST_CASE("a record whose partition has no leader waits for one") {
    placing all{{.partitioner = round_robin{}}};
    all.cluster.move_leader("t", 2, -1);
    const auto batch = make_batch(100, "t", numbered(4), -1);
    REQUIRE(all.to_->send(batch, 0) == 4);
    CHECK_FALSE(all.to_.find<delivered>(300ms).has_value());
    all.cluster.move_leader("t", 2, 1);
    const auto report = all.to_.expect<delivered>(ottla::test::patience());
    CHECK(report.failures.empty());
    CHECK(report.places.at(2).partition == 2);
  }

  TEST_CASE("records without a key stay together under murmur2, also beside another partitioner") {
    for (const auto& topics :
         {std::vector<topic_producer_settings>{},
          std::vector<topic_producer_settings>{{.topic = "u", .partitioner = round_robin{}}}}) {
      placing all{{.extra = {{"sticky.partitioning.linger.ms", "60000"}}}, topics};
      all.partitions_of(keyed(1));
      CHECK(counts_of(all.partitions_of(numbered(100))).size() == 1);
      CHECK(counts_of(all.partitions_of(numbered(100))).size() == 1);
    }
  }

  TEST_CASE("records without a key change their partition under murmur2 beside another "
            "partitioner") {
    placing all{{.extra = {{"sticky.partitioning.linger.ms", "0"}}},
                {{.topic = "u", .partitioner = round_robin{}}}};
    all.partitions_of(keyed(50)); // from now on the leaders of all partitions are known
    CHECK(counts_of(all.partitions_of(numbered(100))).size() == 4);
  }

  TEST_CASE("custom gets topic, partitions, key and value") {
    placing all{{.partitioner = custom{[](std::string_view topic, std::int32_t partitions,
                                          std::optional<std::string_view> key,
                                          std::optional<std::string_view> value) -> std::int32_t {
                   if (topic != "t" || partitions != 4)
                     return -1;
                   return key     ? static_cast<std::int32_t>(key->size())
                          : value ? std::stoi(std::string{*value})
                                  : 0;
                 }}}};
    CHECK(all.partitions_of({{.key = "ab", .value = "3"}, {.value = "1"}, {}, {.key = ""}})
          == std::vector{2, 1, 0, 0});
    record with_headers{.key = "abc", .headers = {{"name", "value"}}};
    CHECK(all.partitions_of({with_headers}) == std::vector{3});
  }

  TEST_CASE("a record whose partitioner throws or leaves the topic is not stored, and the other "
            "records are") {
    placing all{
      {.partitioner = custom{[](std::string_view, std::int32_t, std::optional<std::string_view>,
                                std::optional<std::string_view> value) -> std::int32_t {
         if (*value == "throw")
           throw std::runtime_error{"no idea"};
         return std::stoi(std::string{*value});
       }}}};
    // In the first round, librdkafka does not know the topic yet, and calls back later.
    for (int round = 0; round < 2; ++round) {
      const auto report = all.send(
        {{.value = "1"}, {.value = "throw"}, {.value = "4"}, {.value = "-1"}, {.value = "2"}});
      CHECK(report.places.at(0).partition == 1);
      CHECK(report.places.at(4).partition == 2);
      REQUIRE(report.failures.size() == 3);
      CHECK(to_string(report.failures[0].why)
            == "other: the function of the custom partitioner threw for topic \"t\": no idea");
      CHECK(to_string(report.failures[1].why)
            == "unknown_topic: the function of the custom partitioner chose partition 4 of topic "
               "\"t\", which has 4 partitions");
      CHECK(to_string(report.failures[2].why)
            == "unknown_topic: the function of the custom partitioner chose partition -1 of topic "
               "\"t\", which has 4 partitions");
      for (const auto& each : report.failures)
        CHECK_FALSE(each.may_be_stored);
    }
  }

  TEST_CASE("a fixed partition that the topic does not have is the failure of each record") {
    placing all{{.partitioner = fixed_partition{2}}};
    CHECK(all.partitions_of(numbered(2)) == std::vector{2, 2});
    const auto report = all.send(numbered(2), -1, "two");
    REQUIRE(report.failures.size() == 2);
    CHECK(to_string(report.failures[1].why)
          == "unknown_topic: fixed_partition chose partition 2 of topic \"two\", which has 2 "
             "partitions");
  }

  TEST_CASE("librdkafka chooses the partitions if all partitioners are its own") {
    const auto sticky_under
      = [](const producer_settings& how, const std::vector<topic_producer_settings>& topics) {
          auto conf = configure_producer({.brokers = "b"}, how);
          partitioning by{{}, how, topics};
          by.configure(conf);
          return std::pair{value_of(conf.get(), "sticky.partitioning.linger.ms"),
                           by.make_for("t", nullptr) != nullptr};
        };
    CHECK(sticky_under({}, {}) == std::pair{std::string{"10"}, false});
    CHECK(sticky_under({.partitioner = murmur2{}}, {{.topic = "t", .partitioner = murmur2{}}})
          == std::pair{std::string{"10"}, false});
    CHECK(sticky_under({.extra = {{"partitioner", "random"}}}, {})
          == std::pair{std::string{"10"}, false});
    CHECK(sticky_under({}, {{.topic = "u", .partitioner = md5{}}})
          == std::pair{std::string{"0"}, true});
    CHECK(
      sticky_under({.extra = {{"partitioner", "random"}}}, {{.topic = "u", .partitioner = md5{}}})
      == std::pair{std::string{"0"}, false});
  }
}
