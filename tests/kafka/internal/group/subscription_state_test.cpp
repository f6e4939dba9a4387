#include <ottla/kafka/internal/group/subscription_state.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace ottla::kafka;

namespace {

using names = std::vector<std::string>;

} // namespace

TEST_SUITE("subscription_state") {
  TEST_CASE("added topics follow the earlier topics in the order of their addition") {
    subscription_state state{{"c", "a"}};
    CHECK(state.add(names{"b", "a", "d"}));
    CHECK(state.topics() == names{"c", "a", "b", "d"});
  }

  TEST_CASE("add() is false if all topics are known") {
    subscription_state state{{"a", "b"}};
    CHECK_FALSE(state.add(names{"b", "a"}));
    CHECK_FALSE(state.add(names{}));
    CHECK(state.topics() == names{"a", "b"});
  }

  TEST_CASE("add() adds a topic once if the topic is in the list twice") {
    subscription_state state{{}};
    CHECK(state.add(names{"a", "a"}));
    CHECK(state.topics() == names{"a"});
  }

  TEST_CASE("a topic is paused until the first resume, however often it was paused") {
    subscription_state state{{"a", "b"}};
    CHECK_FALSE(state.is_paused("a"));
    state.pause(names{"b", "a"});
    state.pause(names{"a"});
    CHECK(state.paused() == names{"a", "b"});
    state.resume(names{"a"});
    CHECK_FALSE(state.is_paused("a"));
    CHECK(state.is_paused("b"));
    state.resume(names{"a"});
    CHECK(state.paused() == names{"b"});
  }

  TEST_CASE("a pause of an unknown topic applies to the topic when it is added") {
    subscription_state state{{"a"}};
    state.pause(names{"b"});
    state.add(names{"b"});
    CHECK(state.is_paused("b"));
    CHECK_FALSE(state.is_paused("a"));
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
