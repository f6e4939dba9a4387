#include <ottla/kafka/internal/settings/topic_name.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace ottla::kafka;

TEST_SUITE("topic_name") {
  TEST_CASE("letters, digits, dots, underscores and hyphens make a legal topic") {
    for (const auto* name : {"a", "orders", "A.b_c-9", "...", "-", "__consumer_offsets"})
      CHECK(fault_of_topic(name) == std::nullopt);
  }

  TEST_CASE("a topic has at most 249 characters") {
    CHECK(fault_of_topic(std::string(249, 'x')) == std::nullopt);
    CHECK(fault_of_topic(std::string(250, 'x')));
  }

  TEST_CASE("a topic with a character outside of Kafka's alphabet is rejected") {
    for (const auto* name : {"a b", "a/b", "^orders.*", "a,b", "à", "a:0", "@", "["})
      CHECK(fault_of_topic(name));
  }

  TEST_CASE("the names of the current and the parent folder are rejected as topics") {
    CHECK(fault_of_topic("."));
    CHECK(fault_of_topic(".."));
  }

  TEST_CASE("the error for an invalid topic quotes at most 300 bytes of the name") {
    CHECK(fault_of_topic("a b").value().starts_with("topic \"a b\" must have at most 249"));
    CHECK(fault_of_topic(std::string(1'000'000, 'x')).value().size() < 1'000);
  }

  TEST_CASE("the error for a topic with control characters does not quote the topic") {
    CHECK(fault_of_topic("a\nb") == "a topic must not contain control characters");
    CHECK(fault_of_topic(std::string{"a\0b", 3}) == "a topic must not contain control characters");
    CHECK(fault_of_topic("") == "a topic must not be empty, got \"\"");
  }
}
