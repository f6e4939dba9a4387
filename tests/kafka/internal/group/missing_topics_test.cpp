#include <ottla/kafka/internal/group/missing_topics.hpp>

#include "support/print.hpp"

#include <doctest/doctest.h>

using namespace ottla::kafka;
using namespace std::chrono_literals;

TEST_SUITE("missing_topics") {
  TEST_CASE("a second request does not begin while one is pending") {
    missing_topics topics;
    CHECK(topics.begin(0s));
    CHECK_FALSE(topics.begin(1s));
    topics.answered();
    CHECK(topics.begin(2s));
  }

  TEST_CASE("the next request is due five seconds after the last request began") {
    missing_topics topics;
    CHECK(topics.is_due(0s));
    topics.begin(10s);
    topics.begin(14s); // rejected, because a request is pending
    CHECK_FALSE(topics.is_due(14s));
    CHECK(topics.is_due(15s));
  }

  TEST_CASE("compare splits wanted topics into present and missing, and adds up their partitions") {
    missing_topics topics;
    const auto found = topics.compare({"a", "b", "c"}, {{"c", 4}, {"a", 2}, {"other", 9}});
    CHECK(found.present == std::vector<std::string>{"a", "c"});
    CHECK(found.missing == std::vector<std::string>{"b"});
    CHECK(found.partitions == 6);
  }

  TEST_CASE("a negative number of partitions counts as zero") {
    missing_topics topics;
    CHECK(topics.compare({"a", "b"}, {{"a", -1}, {"b", 3}}).partitions == 3);
  }

  TEST_CASE("was_missing() stays true for a missing topic after the topic appears") {
    missing_topics topics;
    topics.compare({"a", "b"}, {{"a", 1}});
    CHECK(topics.was_missing("b"));
    CHECK_FALSE(topics.was_missing("a"));
    topics.compare({"a", "b"}, {{"a", 1}, {"b", 1}});
    CHECK(topics.was_missing("b"));
  }
}
