#include <ottla/kafka/process_names.hpp>

#include <doctest/doctest.h>

#include <string>
#include <unordered_set>

using namespace ottla::kafka;

TEST_SUITE("names") {
  TEST_CASE("a worker's name contains a topic and a partition") {
    CHECK(worker_name({"orders", 3}) == "worker/orders/3");
    CHECK(producer_name == "producer");
  }
}

TEST_SUITE("process names: topic_partition") {
  TEST_CASE("a topic_partition prints as topic/number, and sorts by topic and number") {
    CHECK(to_string(topic_partition{"orders", 12}) == "orders/12");
    CHECK(topic_partition{"a", 9} < topic_partition{"b", 0});
    CHECK(topic_partition{"a", 9} < topic_partition{"a", 10});
    CHECK(topic_partition{"a", 1} == topic_partition{"a", 1});
  }

  TEST_CASE("equal topic_partitions have equal hashes, and 100 partitions of a topic have "
            "different hashes") {
    std::unordered_set<std::size_t> hashes;
    for (int partition = 0; partition < 100; ++partition)
      hashes.insert(std::hash<topic_partition>{}({"orders", partition}));
    CHECK(hashes.size() == 100);
    CHECK(hashes.contains(std::hash<topic_partition>{}({"orders", 7})));
  }
}
