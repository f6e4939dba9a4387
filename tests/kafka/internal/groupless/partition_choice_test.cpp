#include <ottla/kafka/internal/groupless/partition_choice.hpp>

#include <doctest/doctest.h>

using namespace ottla::kafka;

TEST_SUITE("partition_choice") {
  TEST_CASE("an empty list means all partitions of the topic") {
    CHECK(choose_partitions({}, 3).wanted == std::set<std::int32_t>{0, 1, 2});
    CHECK(choose_partitions({}, 0).wanted.empty());
    CHECK(text_of_missing(choose_partitions({}, 3), 3).empty());
  }

  TEST_CASE("only listed partitions are wanted, and those that do not exist are named") {
    const auto choice = choose_partitions({4, 1, 7}, 4);
    CHECK(choice.wanted == std::set<std::int32_t>{1});
    CHECK(text_of_missing(choice, 4) == "partitions 4, 7 do not exist: the topic has 4 partitions");
    CHECK(text_of_missing(choose_partitions({0, 1}, 1), 1)
          == "partition 1 does not exist: the topic has 1 partition");
  }
}
