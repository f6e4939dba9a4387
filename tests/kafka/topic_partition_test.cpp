#include <ottla/kafka/topic_partition.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <set>
#include <string>
#include <unordered_set>

using namespace ottla::kafka;

TEST_SUITE("topic_partition") {
  TEST_CASE("partitions are ordered by topic, then by number") {
    CHECK(topic_partition{"a", 9} < topic_partition{"b", 0});
    CHECK(topic_partition{"a", 9} < topic_partition{"a", 10});
    CHECK(topic_partition{"a", -1} < topic_partition{"a", 0});
    CHECK(topic_partition{"a", 1} == topic_partition{"a", 1});
  }

  TEST_CASE("to_string() prints a partition as topic/number") {
    CHECK(to_string(topic_partition{"orders", 3}) == "orders/3");
    CHECK(to_string(topic_partition{"orders", std::numeric_limits<std::int32_t>::max()})
          == "orders/2147483647");
  }

  TEST_CASE("equal partitions have equal hashes, and partitions of a topic have different hashes") {
    const std::hash<topic_partition> hash;
    CHECK(hash({"orders", 3}) == hash({"orders", 3}));
    std::set<std::size_t> hashes;
    for (std::int32_t number = 0; number < 1'000; ++number)
      hashes.insert(hash({"orders", number}));
    CHECK(hashes.size() == 1'000);
  }

  TEST_CASE("an unordered set tells partitions apart by topic and number") {
    const std::unordered_set<topic_partition> some{{"a", 0}, {"a", 1}, {"b", 0}, {"a", 0}};
    CHECK(some.size() == 3);
    CHECK_FALSE(some.contains({"b", 1}));
  }
}
