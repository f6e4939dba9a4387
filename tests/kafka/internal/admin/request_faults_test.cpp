#include <ottla/kafka/internal/admin/request_faults.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

using namespace ottla::kafka;
using namespace std::chrono_literals;

namespace {

/// The text of the request's fault; empty if there is none.
template <class Request>
std::string told(const Request& what) {
  const auto fault = fault_of(what);
  if (!fault)
    return "";
  CHECK(fault->code == errc::bad_setting);
  CHECK(fault->name == "");
  CHECK(fault->text.find('\n') == std::string::npos);
  CHECK(fault->text.find('\0') == std::string::npos);
  CHECK(fault->text.size() < 600);
  return fault->text;
}

const std::vector<std::string> bad_names{
  "", "a b", "..", std::string{"a\0b", 3}, "a\nb", std::string(100'000, 'a')};
const std::vector<std::string> bad_groups{"", std::string{"a\0b", 3}, "a\nb",
                                          std::string(100'000, 'a')};

} // namespace

TEST_SUITE("request_faults") {
  TEST_CASE("a request without a fault is accepted") {
    CHECK(told(list_topics_request{}) == "");
    CHECK(told(describe_topics_request{.topics = {"a", "b"}}) == "");
    CHECK(told(create_topics_request{.topics = {{.name = "a", .configs = {{"k", "v"}}}}}) == "");
    CHECK(told(create_topics_request{.topics = {{.name = "a", .partitions = -1, .replicas = -1}}})
          == "");
    CHECK(told(alter_configs_request{.owner = broker_configs{0}, .changes = {{"k", "v"}}}) == "");
    CHECK(told(delete_records_request{.records = {{{"a", 0}, 5}, {{"a", 1}, {}}}}) == "");
    CHECK(told(reset_offsets_request{.what = {.group = "a b ü", .partitions = {{"t", 1}}}}) == "");
    CHECK(told(describe_topics_request{}) == "");
  }

  TEST_CASE("a deadline of zero or less is rejected for each request") {
    CHECK(told(list_topics_request{.within = 0ms}) == "within must be positive, got 0ms");
    CHECK(told(list_topics_request{.within = -2s}) == "within must be positive, got -2000ms");
    CHECK(told(describe_topics_request{.within = 0ms}) != "");
    CHECK(told(topic_exists_request{.topic = "t", .within = 0ms}) != "");
    CHECK(told(count_partitions_request{.topic = "t", .within = 0ms}) != "");
    CHECK(told(create_topics_request{.within = 0ms}) != "");
    CHECK(told(delete_topics_request{.within = 0ms}) != "");
    CHECK(told(add_partitions_request{.topic = "t", .partitions = 2, .within = 0ms}) != "");
    CHECK(told(describe_configs_request{.owner = topic_configs{"t"}, .within = 0ms}) != "");
    CHECK(told(alter_configs_request{.owner = topic_configs{"t"}, .within = 0ms}) != "");
    CHECK(told(delete_records_request{.within = 0ms}) != "");
    CHECK(told(list_groups_request{.within = 0ms}) != "");
    CHECK(told(describe_groups_request{.within = 0ms}) != "");
    CHECK(told(fetch_committed_offsets_request{.group = "g", .within = 0ms}) != "");
    CHECK(told(fetch_lag_request{.group = "g", .within = 0ms}) != "");
    CHECK(told(reset_offsets_request{.what = {.group = "g"}, .within = 0ms}) != "");
    CHECK(told(delete_groups_request{.within = 0ms}) != "");
    CHECK(told(describe_cluster_request{.within = 0ms}) != "");
  }

  TEST_CASE("a bad topic name is rejected wherever a request names a topic") {
    for (const auto& name : bad_names) {
      CAPTURE(name);
      CHECK(told(describe_topics_request{.topics = {"good", name}}) != "");
      CHECK(told(topic_exists_request{.topic = name}) != "");
      CHECK(told(count_partitions_request{.topic = name}) != "");
      CHECK(told(create_topics_request{.topics = {{.name = "good"}, {.name = name}}}) != "");
      CHECK(told(delete_topics_request{.topics = {name}}) != "");
      CHECK(told(add_partitions_request{.topic = name, .partitions = 2}) != "");
      CHECK(told(describe_configs_request{.owner = topic_configs{name}}) != "");
      CHECK(told(alter_configs_request{.owner = topic_configs{name}}) != "");
      CHECK(told(delete_records_request{.records = {{.where = {name, 0}}}}) != "");
      CHECK(told(reset_offsets_request{.what = {.group = "g", .topics = {name}}}) != "");
      CHECK(told(reset_offsets_request{.what = {.group = "g", .partitions = {{name, 0}}}}) != "");
    }
  }

  TEST_CASE("a bad group name is rejected wherever a request names a group") {
    for (const auto& name : bad_groups) {
      CAPTURE(name);
      CHECK(told(describe_groups_request{.groups = {"good", name}}) != "");
      CHECK(told(fetch_committed_offsets_request{.group = name}) != "");
      CHECK(told(fetch_lag_request{.group = name}) != "");
      CHECK(told(reset_offsets_request{.what = {.group = name}}) != "");
      CHECK(told(delete_groups_request{.groups = {name}}) != "");
    }
    CHECK(told(fetch_lag_request{}) == "a group must not be empty, got \"\"");
  }

  TEST_CASE("a name that is given twice is rejected, since its outcome would be ambiguous") {
    CHECK(told(describe_topics_request{.topics = {"a", "b", "a"}}) == "topic \"a\" is named twice");
    CHECK(told(create_topics_request{.topics = {{.name = "a"}, {.name = "a"}}})
          == "topic \"a\" is named twice");
    CHECK(told(delete_topics_request{.topics = {"a", "a"}}) == "topic \"a\" is named twice");
    CHECK(told(describe_groups_request{.groups = {"g", "g"}}) == "group \"g\" is named twice");
    CHECK(told(delete_groups_request{.groups = {"g", "g"}}) == "group \"g\" is named twice");
    CHECK(told(delete_records_request{.records = {{{"a", 1}, 5}, {{"a", 1}, 6}}})
          == "a/1 is named twice");
    CHECK(told(alter_configs_request{.owner = topic_configs{"t"},
                                     .changes = {{"k", "1"}, {.name = "k"}}})
          == "config \"k\" is named twice");
    CHECK(told(reset_offsets_request{.what = {.group = "g", .partitions = {{"a", 1}, {"a", 1}}}})
          == "a/1 is named twice");
  }

  TEST_CASE("numbers that Kafka never accepts are rejected") {
    for (const auto count : {0, -2, 100'001, std::numeric_limits<std::int32_t>::min()}) {
      CAPTURE(count);
      CHECK(told(create_topics_request{.topics = {{.name = "a", .partitions = count}}}) != "");
      CHECK(told(add_partitions_request{.topic = "a", .partitions = count}) != "");
    }
    CHECK(told(add_partitions_request{.topic = "a", .partitions = -1})
          == "topic \"a\": partitions must be from 1 to 100000, got -1");
    CHECK(told(create_topics_request{.topics = {{.name = "a", .replicas = 0}}})
          == "topic \"a\": replicas must be at least 1, or -1 for the broker's default, got 0");
    CHECK(told(create_topics_request{.topics = {{.name = "a", .replicas = -2}}}) != "");
    CHECK(told(describe_configs_request{.owner = broker_configs{-1}})
          == "a broker's id must not be negative, got -1");
    CHECK(told(delete_records_request{.records = {{{"a", -1}, 5}}})
          == "topic \"a\": a partition must not be negative, got -1");
    CHECK(told(delete_records_request{.records = {{{"a", 1}, -5}}})
          == "a/1: an offset must not be negative, got -5");
    CHECK(told(reset_offsets_request{.what = {.group = "g", .to = at_offset{-1}}})
          == "an offset must not be negative, got -1");
  }

  TEST_CASE("the text about a bad config does not quote its value, which may be a secret") {
    const std::string secret{"hunter2\0", 8};
    const auto text
      = told(alter_configs_request{.owner = topic_configs{"t"}, .changes = {{"password", secret}}});
    CHECK(text == "the value of config \"password\" must not contain a NUL byte");
    CHECK(told(create_topics_request{.topics = {{.name = "a", .configs = {{"k", secret}}}}})
          == "topic \"a\": the value of config \"k\" must not contain a NUL byte");
    CHECK(told(alter_configs_request{.owner = topic_configs{"t"}, .changes = {{"", "v"}}})
          == "a config must have a name, got \"\"");
    CHECK(told(alter_configs_request{.owner = topic_configs{"t"},
                                     .changes = {{std::string{"k\0x", 3}, "v"}}})
          == "a config's name must not contain control characters");
    const auto long_value = told(alter_configs_request{
      .owner = topic_configs{"t"}, .changes = {{"k", std::string(40'000, 's')}}});
    CHECK(long_value.find("at most 32767 bytes, got 40000") != std::string::npos);
    CHECK(long_value.find("sss") == std::string::npos);
  }
}
