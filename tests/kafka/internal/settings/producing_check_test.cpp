#include <ottla/kafka/internal/settings/producing_check.hpp>
#include <ottla/kafka/producer/producer_settings.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace ottla::kafka;
using namespace std::chrono_literals;

namespace {

using lines = std::vector<std::string>;
using keys = std::map<std::string, std::string>;

lines check(producer_settings how, const keys& common = {}) {
  return check_producing(how, common);
}

} // namespace

TEST_SUITE("producing_check") {
  TEST_CASE("settings without contradictions have no faults") {
    CHECK(check({}).empty());
    CHECK(check({.linger = 99'999us, .delivery_timeout = 100ms}).empty());
    CHECK(check({.buffer_bytes = 1'000, .extra = {{"message.max.bytes", "1000"}}}).empty());
    CHECK(check({.extra = {{"acks", "ALL"}, {"max.in.flight", "5"}, {"retries", "1"}}}).empty());
    CHECK(
      check({.extra = {{"acks", "-1"}, {"queue.buffering.backpressure.threshold", "1"}}}).empty());
    CHECK(
      check(
        {.idempotent = false,
         .extra
         = {{"acks", "1"}, {"max.in.flight", "6"}, {"retries", "0"}, {"queuing.strategy", "lifo"}}})
        .empty());
  }

  TEST_CASE("each contradiction is reported in one line that names the settings and the value") {
    const std::vector<std::pair<lines, std::string>> wrong{
      {check({.linger = 100ms, .delivery_timeout = 100ms}),
       "linger must be below delivery_timeout (100ms), got 100000us"},
      {check({.buffer_bytes = 0}), "buffer_bytes must be positive, got 0"},
      {check({.buffer_bytes = 999, .extra = {{"message.max.bytes", "1000"}}}),
       "buffer_bytes must be at least message.max.bytes (1000), got 999"},
      {check({.extra = {{"request.required.acks", "1"}}}),
       "acks must be \"all\" if idempotent is true, got 1"},
      {check({.extra = {{"max.in.flight", "6"}}}),
       "max.in.flight.requests.per.connection must be at most 5 if idempotent is true, got 6"},
      {check({.extra = {{"message.send.max.retries", "0"}}}),
       "retries must be at least 1 if idempotent is true, got 0"},
      {check({.extra = {{"queue.buffering.backpressure.threshold", "2"}}}),
       "queue.buffering.backpressure.threshold must be 1 if idempotent is true, got 2"},
      {check({.extra = {{"queuing.strategy", "LIFO"}}}),
       "queuing.strategy must be \"fifo\" if idempotent is true, got \"lifo\""},
      {check({.idempotent = false, .extra = {{"enable.gapless.guarantee", "true"}}}),
       "idempotent must be true if enable.gapless.guarantee is true, got false"},
    };
    for (const auto& [told, expected] : wrong)
      CHECK(told == lines{expected});
  }

  TEST_CASE("faults of a partitioner are reported for the producer or for its topic") {
    CHECK(check({.partitioner = round_robin{}}).empty());
    CHECK(check({.partitioner = fixed_partition{-1}})
          == lines{"partitioner: fixed_partition must not be negative, got -1"});
    CHECK(check({.partitioner = custom{}}) == lines{"partitioner: custom has no function"});
    CHECK(check({.partitioner = md5{}, .extra = {{"partitioner", "random"}}})
          == lines{"partitioner is set twice, also as a key in extra"});
    CHECK(check_topic_settings({.topic = "t", .partitioner = custom{}}, true)
          == lines{"producers: topic \"t\": partitioner: custom has no function"});
  }

  TEST_CASE("a number may be hexadecimal or octal, as in librdkafka") {
    CHECK(check({.extra = {{"max.in.flight", "0x5"}}}).empty());
    CHECK(check({.extra = {{"max.in.flight", "0x10"}}})
          == std::vector<std::string>{"max.in.flight.requests.per.connection must be at most 5 if "
                                      "idempotent is true, got 16"});
    CHECK(check({.extra = {{"retries", "00"}}})
          == std::vector<std::string>{"retries must be at least 1 if idempotent is true, got 0"});
  }

  TEST_CASE("a producer's keys override the same keys of its connection") {
    CHECK(check({}, {{"acks", "1"}}).size() == 1);
    CHECK(check({.extra = {{"acks", "all"}}}, {{"acks", "1"}}).empty());
  }

  TEST_CASE("values that are not numbers or are out of range are left to librdkafka") {
    CHECK(check({.extra = {{"retries", "none"}}}).empty());
    CHECK(check({.extra = {{"message.max.bytes", "0"}}}).empty());
  }
}
