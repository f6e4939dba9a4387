#include <ottla/kafka/internal/group/topic_lists.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace ottla::kafka;

namespace {

using names = std::vector<std::string>;

} // namespace

TEST_SUITE("topic_lists") {
  TEST_CASE("added topics follow the earlier topics in the order of their addition") {
    topic_lists lists{{"c", "a"}};
    CHECK(lists.add(names{"b", "a", "d"}));
    CHECK(lists.topics() == names{"c", "a", "b", "d"});
  }

  TEST_CASE("add() is false if all topics are known") {
    topic_lists lists{{"a", "b"}};
    CHECK_FALSE(lists.add(names{"b", "a"}));
    CHECK_FALSE(lists.add(names{}));
    CHECK(lists.topics() == names{"a", "b"});
  }

  TEST_CASE("add() adds a topic once if the topic is in the list twice") {
    topic_lists lists{{}};
    CHECK(lists.add(names{"a", "a"}));
    CHECK(lists.topics() == names{"a"});
  }

  TEST_CASE("a topic is paused until the first resume, however often it was paused") {
    topic_lists lists{{"a", "b"}};
    CHECK_FALSE(lists.is_paused("a"));
    lists.pause(names{"b", "a"});
    lists.pause(names{"a"});
    CHECK(lists.paused() == names{"a", "b"});
    lists.resume(names{"a"});
    CHECK_FALSE(lists.is_paused("a"));
    CHECK(lists.is_paused("b"));
    lists.resume(names{"a"});
    CHECK(lists.paused() == names{"b"});
  }

  TEST_CASE("a pause of an unknown topic applies to the topic when it is added") {
    topic_lists lists{{"a"}};
    lists.pause(names{"b"});
    lists.add(names{"b"});
    CHECK(lists.is_paused("b"));
    CHECK_FALSE(lists.is_paused("a"));
  }

  TEST_CASE("an empty list of topics is a fault") {
    CHECK(validate_topics({}) == names{"topics must not be empty"});
  }

  TEST_CASE("validate_topics() returns one line for each topic that Kafka would reject") {
    CHECK(validate_topics(names{"orders", "a.b_c-D9"}).empty());
    const auto wrong = validate_topics(names{"", "orders", "a b", ".."});
    REQUIRE(wrong.size() == 3);
    CHECK(wrong[0] == "a topic must not be empty, got \"\"");
    CHECK(wrong[1].starts_with("topic \"a b\" must have"));
    CHECK(wrong[2].starts_with("topic \"..\" must have"));
  }
}
