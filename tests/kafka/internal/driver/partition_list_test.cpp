#include <ottla/kafka/internal/driver/librdkafka/partition_list.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

using namespace ottla::kafka;

namespace {

using partitions = std::vector<topic_partition>;

/// Returns the metadata of the entry, NUL bytes included.
std::string_view metadata_of(const rd_kafka_topic_partition_t& entry) {
  return {static_cast<const char*>(entry.metadata), entry.metadata_size};
}

} // namespace

TEST_SUITE("partition_list") {
  TEST_CASE("a list of partitions keeps the given order and has no offsets") {
    const partitions given{{"b", 1}, {"a", 0}, {"b", 0}};
    const auto list = make_partition_list(given);
    CHECK(partitions_of(list.get()) == given);
    for (const auto& each : entries(list.get()))
      CHECK(each.offset == RD_KAFKA_OFFSET_INVALID);
  }

  TEST_CASE(
    "a list of positions has the offset of each partition, even the largest possible offset") {
    constexpr auto largest = std::numeric_limits<std::int64_t>::max();
    const std::vector<position> given{{.at = {"a", 0}, .offset = 0},
                                      {.at = {"a", 1}, .offset = largest}};
    const auto list = make_partition_list(given);
    REQUIRE(entries(list.get()).size() == 2);
    CHECK(find(list.get(), {"a", 0})->offset == 0);
    CHECK(find(list.get(), {"a", 1})->offset == largest);
    const auto one = make_partition_list(topic_partition{"t", 7}, 42);
    REQUIRE(entries(one.get()).size() == 1);
    CHECK(find(one.get(), {"t", 7})->offset == 42);
  }

  TEST_CASE("find() returns null for a partition that is not in the list") {
    const auto list = make_partition_list(partitions{{"a", 0}});
    CHECK(find(list.get(), {"a", 0}) != nullptr);
    CHECK(find(list.get(), {"a", 1}) == nullptr);
    CHECK(find(list.get(), {"b", 0}) == nullptr);
  }

  TEST_CASE("an empty list and no list at all have no entries") {
    const auto list = make_partition_list(partitions{});
    CHECK(entries(list.get()).empty());
    CHECK(entries(nullptr).empty());
    CHECK(partitions_of(nullptr).empty());
    CHECK(find(nullptr, {"a", 0}) == nullptr);
  }

  TEST_CASE("set_metadata() copies the bytes to the entry of its partition only") {
    const auto list = make_partition_list(partitions{{"a", 0}, {"a", 1}});
    {
      const std::string brief{"v1\0x", 4};
      set_metadata(list.get(), {"a", 1}, brief);
    }
    CHECK(metadata_of(*find(list.get(), {"a", 1})) == std::string_view{"v1\0x", 4});
    CHECK(find(list.get(), {"a", 0})->metadata == nullptr);
  }

  TEST_CASE("set_metadata() ignores empty metadata and partitions that are not in the list") {
    const auto list = make_partition_list(partitions{{"a", 0}});
    set_metadata(list.get(), {"a", 0}, "");
    set_metadata(list.get(), {"b", 0}, "v1");
    CHECK(find(list.get(), {"a", 0})->metadata == nullptr);
    CHECK(find(list.get(), {"a", 0})->metadata_size == 0);
  }
}
