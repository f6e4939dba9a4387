#include <ottla/kafka/internal/driver/librdkafka/topic_starts.hpp>

#include <doctest/doctest.h>

using namespace ottla::kafka;

TEST_SUITE("topic_starts") {
  TEST_CASE(
    "the metadata of a commit restores a topic's number of partitions at the group's start") {
    topic_starts starts;
    CHECK(starts.metadata_of("t").empty());
    starts.begin("t", 12);
    CHECK(parse_topic_start(starts.metadata_of("t")) == 12);
    CHECK(starts.metadata_of("u").empty());
  }

  TEST_CASE("the smallest noted number of partitions counts until the group begins again") {
    topic_starts starts;
    starts.note("t", 5);
    starts.note("t", 4);
    starts.note("t", 6);
    CHECK(starts.partitions_of("t") == 4);
    starts.begin("t", 8);
    CHECK(starts.partitions_of("t") == 8);
  }

  TEST_CASE("the metadata of other clients is ignored") {
    for (const auto* foreign :
         {"", "4", "ottla", "ottla: began with partitions=", "ottla: began with partitions=4x",
          "ottla: began with partitions=-1", "ottla: began with partitions=99999999999"})
      CHECK_FALSE(parse_topic_start(foreign));
  }
}
