#include <ottla/kafka/internal/producer/partition_chooser.hpp>
#include <ottla/kafka/producer/partitioner.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace kafka = ottla::kafka;
using kafka::partition_chooser;
using kafka::partition_for;

namespace {

constexpr auto no_key = std::nullopt;

std::string failure(const kafka::result<std::int32_t>& of) {
  return of ? "none" : to_string(of.error());
}

/// The partitions that a topic's records get, one after the other.
std::vector<std::int32_t> placed(const kafka::partitioner& how, std::size_t records,
                                 std::int32_t partitions, std::uint64_t seed = 0) {
  partition_chooser chooser{how, "orders", seed};
  std::vector<std::int32_t> result;
  for (std::size_t record = 0; record < records; ++record)
    result.push_back(*chooser.choose(partitions, no_key, no_key));
  return result;
}

} // namespace

TEST_SUITE("partitioner") {
  TEST_CASE("murmur2 gives a key the partition of Java's default partitioner") {
    const auto where = [](std::string_view key, std::int32_t partitions) {
      return *partition_for(kafka::murmur2{}, "orders", partitions, key);
    };
    CHECK(where("foobar", 50) == (-790332482 & 0x7fffffff) % 50);
    CHECK(where("foobar", 50) == 16);
    CHECK(where("Ada", 12) == 3);
    CHECK(where("abc", 1) == 0);
    CHECK(where("abc", 3) == 479470107 % 3);
    // An empty key is a key.
    CHECK(where("", 12) == 275646681 % 12);
    CHECK(kafka::partitioner{}.index() == kafka::partitioner{kafka::murmur2{}}.index());
  }

  TEST_CASE("md5 gives a key the partition of Elsa's and Kaffe's md5") {
    const auto where = [](std::string_view key, std::int32_t partitions) {
      return *partition_for(kafka::md5{}, "orders", partitions, key);
    };
    CHECK(where("key1", 2) == 1);
    CHECK(where("key1", 10) == 7);
    CHECK(where("key2", 10) == 6);
    CHECK(where("key8", 32) == 17);
    CHECK(where("key12", 32) == 17);
    CHECK(where("key1", 32) == 25);
  }

  TEST_CASE("md5 treats a record without a key as a record with an empty key") {
    CHECK(*partition_for(kafka::md5{}, "orders", 1000, "") == 2121 % 1000);
    CHECK(*partition_for(kafka::md5{}, "orders", 1000, no_key) == 2121 % 1000);
  }

  TEST_CASE("fixed_partition gives every record its partition, and fails outside of the topic") {
    CHECK(*partition_for(kafka::fixed_partition{2}, "orders", 3, "any") == 2);
    CHECK(*partition_for(kafka::fixed_partition{2}, "orders", 3, no_key) == 2);
    CHECK(failure(partition_for(kafka::fixed_partition{3}, "orders", 3, "any"))
          == "unknown_topic: fixed_partition chose partition 3 of topic \"orders\", which has 3 "
             "partitions");
  }

  TEST_CASE("custom calls the function with topic, partitions, key and value") {
    const auto ask
      = [](std::string_view topic, std::int32_t partitions, std::optional<std::string_view> key,
           std::optional<std::string_view> value) -> std::int32_t {
      CHECK(topic == "orders");
      CHECK(partitions == 32);
      CHECK(key == "key");
      CHECK(value == "value");
      return 31;
    };
    CHECK(*partition_for(kafka::custom{ask}, "orders", 32, "key", "value") == 31);
    const auto count_missing
      = [](auto, auto, auto key, auto value) { return std::int32_t{!key} + std::int32_t{!value}; };
    CHECK(*partition_for(kafka::custom{count_missing}, "orders", 32, no_key) == 2);
    CHECK(*partition_for(kafka::custom{count_missing}, "orders", 32, "", no_key) == 1);
  }

  TEST_CASE("a custom function that throws or leaves the topic fails only its record") {
    const auto of = [](std::int32_t chosen) {
      return kafka::custom{[chosen](auto, auto, auto, auto) { return chosen; }};
    };
    CHECK(failure(partition_for(of(1), "orders", 1, "any"))
          == "unknown_topic: the function of the custom partitioner chose partition 1 of topic "
             "\"orders\", which has 1 partition");
    CHECK(failure(partition_for(of(-1), "orders", 2, "any"))
          == "unknown_topic: the function of the custom partitioner chose partition -1 of topic "
             "\"orders\", which has 2 partitions");
    const kafka::custom thrower{
      [](auto, auto, auto, auto) -> std::int32_t { throw std::runtime_error{"no idea"}; }};
    CHECK(failure(partition_for(thrower, "orders", 2, "any"))
          == "other: the function of the custom partitioner threw for topic \"orders\": no idea");
  }

  TEST_CASE("partition_for fails if the key does not decide the partition") {
    CHECK(failure(partition_for(kafka::random{}, "orders", 2, "any"))
          == "other: the key does not decide: random gives each record a random partition");
    CHECK(failure(partition_for(kafka::round_robin{}, "orders", 2, "any"))
          == "other: the key does not decide: round_robin gives each record the next partition");
    CHECK(failure(partition_for(kafka::murmur2{}, "orders", 2, no_key))
          == "other: the key does not decide: murmur2 gives a record without a key a random "
             "partition");
  }

  TEST_CASE("a topic without partitions is an error for every partitioner") {
    const kafka::partitioner all[]
      = {kafka::murmur2{},         kafka::md5{},
         kafka::random{},          kafka::round_robin{},
         kafka::fixed_partition{}, kafka::custom{[](auto, auto, auto, auto) { return 0; }}};
    for (const auto& how : all)
      for (const auto partitions : {0, -1}) {
        CHECK(partition_for(how, "orders", partitions, "key").error().code
              == kafka::errc::bad_setting);
        partition_chooser chooser{how, "orders", 1};
        CHECK(chooser.choose(partitions, "key", no_key).error().code == kafka::errc::bad_setting);
      }
    CHECK(failure(partition_for(kafka::md5{}, "orders", 0, "key"))
          == "bad_setting: the number of partitions of topic \"orders\" must be above 0, got 0");
  }

  TEST_CASE("round_robin gives the partitions in turn, from 0 on") {
    CHECK(placed(kafka::round_robin{}, 4, 3) == std::vector{0, 1, 2, 0});
    CHECK(placed(kafka::round_robin{}, 3, 1) == std::vector{0, 0, 0});
    // The topic gets more partitions.
    partition_chooser chooser{kafka::round_robin{}, "orders", 0};
    std::vector<std::int32_t> result;
    for (const auto partitions : {2, 2, 4, 4, 4})
      result.push_back(*chooser.choose(partitions, no_key, no_key));
    CHECK(result == std::vector{0, 1, 2, 3, 0});
  }

  TEST_CASE("random gives each partition the same share, whatever the key, and follows its seed") {
    for (const auto partitions : {1, 2, 3, 32}) {
      constexpr std::size_t records = 32'000;
      std::vector<std::size_t> count(static_cast<std::size_t>(partitions));
      partition_chooser chooser{kafka::random{}, "orders", 7};
      for (std::size_t record = 0; record < records; ++record)
        ++count.at(static_cast<std::size_t>(*chooser.choose(partitions, "same key", no_key)));
      const auto share = records / count.size();
      for (const auto each : count) {
        CHECK(each > share * 8 / 10);
        CHECK(each < share * 12 / 10 + 1);
      }
    }
    CHECK(placed(kafka::random{}, 100, 32, 7) == placed(kafka::random{}, 100, 32, 7));
    CHECK(placed(kafka::random{}, 100, 32, 7) != placed(kafka::random{}, 100, 32, 8));
  }

  TEST_CASE("a chooser follows the keys, and leaves records without a key to the client") {
    partition_chooser java{kafka::murmur2{}, "orders", 0};
    CHECK(*java.choose(50, "foobar", no_key) == 16);
    CHECK(*java.choose(50, no_key, no_key) == partition_chooser::left_to_the_client);
    partition_chooser elsa{kafka::md5{}, "orders", 0};
    CHECK(*elsa.choose(2, "key1", no_key) == 1);
  }

  TEST_CASE("threads that share a round_robin give each partition the same number of records") {
    constexpr std::size_t each = 3'000;
    partition_chooser chooser{kafka::round_robin{}, "orders", 0};
    std::vector<std::vector<std::size_t>> counts(3, std::vector<std::size_t>(4));
    {
      std::vector<std::jthread> threads;
      for (auto& mine : counts)
        threads.emplace_back([&] {
          for (std::size_t record = 0; record < each; ++record)
            ++mine[static_cast<std::size_t>(*chooser.choose(4, no_key, no_key))];
        });
    }
    for (std::size_t partition = 0; partition < 4; ++partition)
      CHECK(counts[0][partition] + counts[1][partition] + counts[2][partition] == 3 * each / 4);
  }

  TEST_CASE("validation names the partitioner's owner and the fault") {
    const std::string whose = "topic \"orders\": partitioner";
    using lines = std::vector<std::string>;
    CHECK(validate(kafka::murmur2{}, whose) == lines{});
    CHECK(validate(kafka::fixed_partition{0}, whose) == lines{});
    CHECK(validate(kafka::fixed_partition{-1}, whose)
          == lines{"topic \"orders\": partitioner: fixed_partition must not be negative, got -1"});
    CHECK(validate(kafka::custom{}, whose)
          == lines{"topic \"orders\": partitioner: custom has no function"});
    CHECK(failure(partition_for(kafka::custom{}, "orders", 2, "any"))
          == "bad_setting: the partitioner of topic \"orders\": custom has no function");
  }
}
