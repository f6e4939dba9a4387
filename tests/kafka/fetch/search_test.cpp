#include <ottla/kafka/fetch/search.hpp>

#include "fetched_topic.hpp"

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

struct searched_topic : fetched_topic {
  std::vector<stored_record> find(search_settings what) {
    what.in.topic = "t";
    auto found = search(at, what, 15s);
    REQUIRE_MESSAGE(found, to_string(found ? error{} : found.error()));
    return sorted(*std::move(found));
  }
};

} // namespace

TEST_SUITE("search" * doctest::timeout(60)) {
  TEST_CASE_FIXTURE(searched_topic, "search finds records whose key or value contains a text") {
    auto expected = values_between(2, 2);
    std::ranges::copy(values_between(20, 29), std::back_inserter(expected));
    CHECK(values_of(find({.matches = key_contains("key2")})) == expected);
    const auto by_value = find({.matches = value_contains("val19")});
    REQUIRE(by_value.size() == 1);
    CHECK(by_value[0].key == "key19");
    CHECK(by_value[0].from == topic_partition{"t", 1});
    CHECK(by_value[0].offset == 8);
  }

  TEST_CASE_FIXTURE(searched_topic, "search finds records whose key or value is exactly a text") {
    CHECK(values_of(find({.matches = key_is("key2")})) == values_between(2, 2));
    CHECK(values_of(find({.matches = value_is("val30")})) == values_between(30, 30));
    CHECK(find({.matches = value_is("val3 ")}).empty());
  }

  TEST_CASE_FIXTURE(searched_topic, "search finds records by a predicate of the program") {
    const auto found = find({.matches = [](const streamed_message& one) {
      return one.from().partition == 2 && one.key().find('3') != std::string_view::npos;
    }});
    CHECK(values_of(found) == std::vector<std::string>{"val23", "val30"});
  }

  TEST_CASE_FIXTURE(searched_topic, "search returns nothing if no record matches") {
    CHECK(find({.matches = key_contains("foo")}).empty());
    CHECK(find({.matches = value_contains("foo")}).empty());
  }

  TEST_CASE_FIXTURE(searched_topic, "a record without a key or value matches no text") {
    store(*make_librdkafka_driver(at), "t", {{.key = std::nullopt, .value = std::nullopt}}, 0);
    CHECK(find({.matches = key_contains("")}).size() == 30);
    CHECK(find({.matches = value_contains("")}).size() == 30);
    CHECK(find({.matches = key_is("")}).empty());
    CHECK(find({.matches = value_is("")}).empty());
  }

  TEST_CASE_FIXTURE(searched_topic, "search ends when it has found enough") {
    CHECK(
      find({.in = {.partitions = {0}}, .matches = key_contains("key"), .most_records = 4}).size()
      == 4);
    CHECK(find({.matches = key_contains("key"), .most_records = 0}).empty());
  }

  TEST_CASE_FIXTURE(searched_topic, "search reports its progress") {
    std::int64_t done = -1;
    std::int64_t to_do = -1;
    find({.in = {.on_progress =
                   [&](std::span<const partition_progress> all) {
                     done = to_do = 0;
                     for (const auto& each : all) {
                       done += each.done();
                       to_do += each.to_do();
                     }
                   }},
          .matches = key_contains("foo")});
    CHECK(done == 30);
    CHECK(to_do == 0);
  }

  TEST_CASE("a search without a predicate, or that cannot open its stream, is an error") {
    const auto none = search({.brokers = "127.0.0.1:1"}, {.in = {.topic = "t"}}, 1s);
    REQUIRE_FALSE(none);
    CHECK(none.error().code == errc::bad_setting);
    const auto away
      = search({.brokers = "127.0.0.1:1"}, {.in = {.topic = "t"}, .matches = key_is("a")}, 300ms);
    REQUIRE_FALSE(away);
    CHECK(away.error().code == errc::unreachable);
  }
}
