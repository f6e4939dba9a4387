// The settings of consumers without a group.

#include <ottla/kafka/consumer/consumer.hpp>

#include "support/groupless_stage.hpp"

#include <doctest/doctest.h>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

consumer minimal() {
  return {.topic = "t", .handler = handler<scripted_handler>(std::make_shared<script>())};
}

std::string only_fault(const consumer& settings) {
  const auto faults = validate(settings);
  REQUIRE(faults.size() == 1);
  return faults.front();
}

} // namespace

TEST_SUITE("consumer without a group: settings") {
  TEST_CASE("a topic and a handler suffice") {
    CHECK(validate(minimal()).empty());
  }

  TEST_CASE("each fault is one line that names the topic, the setting and the value") {
    auto settings = minimal();
    settings.partitions = {0, 3, 3};
    CHECK(only_fault(settings) == "consumer of \"t\": partition 3 is listed twice");
    settings.partitions = {-1};
    CHECK(only_fault(settings) == "consumer of \"t\": partitions must not be negative, got -1");
    settings = minimal();
    settings.begin = at_offset{-4};
    CHECK(only_fault(settings)
          == "consumer of \"t\": begin: an offset must not be negative, got -4");
    settings.begin = begin_function{};
    CHECK(only_fault(settings) == "consumer of \"t\": begin is an empty function");
    settings = minimal();
    settings.store_interval = 0ms;
    CHECK(only_fault(settings).starts_with("consumer of \"t\": store_interval must be from 1ms"));
    settings = minimal();
    settings.batch_size = 0;
    CHECK(only_fault(settings) == "consumer of \"t\": batch_size must be from 1 to 1000000, got 0");
    settings = minimal();
    settings.handler = {};
    CHECK(only_fault(settings) == "consumer of \"t\": handler is not set");
    CHECK(validate(consumer{}).size() == 2);
  }

  TEST_CASE_FIXTURE(groupless_stage, "a connection rejects two consumers of one topic") {
    settings.consumers.push_back(how());
    const auto faults = validate(settings);
    REQUIRE(faults.size() == 1);
    CHECK(faults.front() == "connection \"c\": consumers: topic \"t\" is listed twice");
  }
}
